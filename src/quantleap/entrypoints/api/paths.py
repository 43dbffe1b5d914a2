"""From a path on the wire to a path of the route table, as API Gateway finds it."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from attrs import field, frozen

from quantleap.entrypoints.api.problems import RouteNotFoundError


def _is_variable(step: str) -> bool:
    return step.startswith("{")


def _tree_of(paths: Iterable[str]) -> Mapping[str, Any]:
    """Maps from step to the tree below it; every variable under the one name, the path itself under an empty one."""
    root: dict[str, Any] = {}
    for path in paths:
        node = root
        for step in path.removeprefix("/").split("/"):
            node = node.setdefault(_VARIABLE if _is_variable(step) else step, {})
        node[_END] = path
    return root


_VARIABLE = "{}"
_END = ""


@frozen
class Paths:
    """Paths with variables in braces. Steps are compared before they are decoded, so that an encoded `/` parts nothing;
    a name goes before a variable, and a variable takes no empty text.
    """

    _tree: Mapping[str, Any] = field(converter=_tree_of)

    def find(self, raw_path: str) -> tuple[str, dict[str, str]]:
        """The path and the values of its variables. Raises RouteNotFoundError."""
        first, *steps = raw_path.split("/")
        path = None if first else _below(self._tree, steps)
        if path is None:
            raise RouteNotFoundError
        named = zip(path.split("/")[1:], steps, strict=True)
        return path, {name[1:-1]: unquote(value) for name, value in named if _is_variable(name)}


def _below(tree: Mapping[str, Any], steps: list[str]) -> str | None:
    if not steps:
        path: str | None = tree.get(_END)
        return path
    step, *rest = steps
    for name in (step, _VARIABLE):
        if step and name in tree and (path := _below(tree[name], rest)) is not None:
            return path
    return None
