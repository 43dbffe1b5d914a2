"""Copy botocore with the data of few services, as the bundle of a Lambda function takes it.

python -m tools.trim_botocore FOLDER    makes FOLDER/botocore, which stands before the whole one on the path

Of some 400 services' models a function uses four, and botocore reads the endpoints of all of them to make one client.
"""

import gzip
import json
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SERVICES = ("dynamodb", "dynamodbstreams", "secretsmanager", "sts")
"""By the names of botocore's folders. The last is for roles that are taken by a web identity."""

_ENDPOINTS_OF = frozenset({"dynamodb", "streams.dynamodb", "secretsmanager", "sts"})
"""The same, as `endpoints.json` spells them."""

_FACTS = ("_retry.json", "partitions.json", "sdk-default-configuration.json")
_LEFT_OUT = ("examples-*", "waiters-*")
"""Nothing here waits by botocore, and examples are for documentation."""


def trim(target: Path) -> Path:
    """Make the copy below that folder. Raises FileExistsError where one is there."""
    whole, copy = _installed(), target / "botocore"
    shutil.copytree(whole, copy, ignore=lambda folder, _: ["data"] if Path(folder) == whole else [])
    data = copy / "data"
    data.mkdir()
    for name in _FACTS:
        shutil.copy2(whole / "data" / name, data / name)
    for service in SERVICES:
        shutil.copytree(whole / "data" / service, data / service, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    for packed in data.rglob("*.json.gz"):
        _unpack(packed)
    _write(data / "endpoints.json", _few_endpoints(json.loads((whole / "data" / "endpoints.json").read_bytes())))
    return copy


def _installed() -> Path:
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("botocore is not installed: pip install 'quantleap[aws]'")
    return Path(spec.origin).parent


def _unpack(packed: Path) -> None:
    """As it is but for its documentation, most of it, which only botocore's own pages show."""
    _write(packed.with_suffix(""), _undocumented(json.loads(gzip.decompress(packed.read_bytes()))))
    packed.unlink()


def _undocumented(model: Any) -> Any:
    match model:
        case dict():
            return {
                name: _undocumented(part)
                for name, part in model.items()
                if not (name == "documentation" and isinstance(part, str))
            }
        case list():
            return [_undocumented(part) for part in model]
    return model


def _few_endpoints(endpoints: Any) -> Any:
    """Of every partition, the few services'."""
    partitions = [
        {**each, "services": {name: of for name, of in each["services"].items() if name in _ENDPOINTS_OF}}
        for each in endpoints["partitions"]
    ]
    return {**endpoints, "partitions": partitions}


def _write(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, separators=(",", ":")), "utf-8")


def main(arguments: list[str]) -> int:
    """Make it, and say where it is."""
    if len(arguments) != 1:
        print("one argument: the folder to put it in", file=sys.stderr)  # noqa: T201 - a tool's own words
        return 2
    print(trim(Path(arguments[0])))  # noqa: T201 - a tool's own words
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
