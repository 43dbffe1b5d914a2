"""Every commit of a use case says what comes of it, so that its request can be answered again."""

import ast
from collections.abc import Iterator
from pathlib import Path

import quantleap.application

FOLDER = Path(quantleap.application.__path__[0])

WITHOUT = {
    "answering_once.commit": "it is what keeps answers",
    "authoring.load_catalog": "a commit a basket, and the outcome is of them all",
    "billing._park": "what is asked for is refused all the same",
    "claiming.claim": "no request asks for it",
    "audit_following": "no request asks for it",
    "feed_walking": "no request asks for it",
    "recounting": "no request asks for it",
}
"""Where a commit hands on no outcome (`module.function`, or a whole module), and why."""


def commits() -> Iterator[tuple[str, str, bool]]:
    """Each commit: its module, its function, and whether it hands an outcome on."""
    for file in sorted(FOLDER.glob("*.py")):
        for function in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("_units.commit"):
                        yield file.stem, function.name, any(each.arg == "outcome" for each in call.keywords)


def test_every_commit_hands_its_outcome_on_but_where_it_is_said_why_not() -> None:
    silent = {(module, function) for module, function, tells in commits() if not tells}
    assert silent
    assert [
        f"{module}.{function}" for module, function in silent if not {module, f"{module}.{function}"} & WITHOUT.keys()
    ] == []
    assert WITHOUT.keys() <= {name for module, function in silent for name in (module, f"{module}.{function}")}
