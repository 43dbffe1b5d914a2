"""A path finds its route as API Gateway finds its resource."""

import pytest

from quantleap.entrypoints.api.paths import Paths
from quantleap.entrypoints.api.problems import RouteNotFoundError

PATHS = Paths(["/a", "/a/{x}", "/a/{x}/c", "/a/b/{y}", "/a/b/{y}/d", "/e/{x}/f", "/e/{y}/{z}"])

FOUND = [
    ("/a", "/a", {}),
    ("/a/1", "/a/{x}", {"x": "1"}),
    ("/a/1/c", "/a/{x}/c", {"x": "1"}),
    ("/a/b", "/a/{x}", {"x": "b"}),
    ("/a/b/c", "/a/b/{y}", {"y": "c"}),
    ("/a/b/c/d", "/a/b/{y}/d", {"y": "c"}),
    ("/e/1/f", "/e/{x}/f", {"x": "1"}),
    ("/e/1/2", "/e/{y}/{z}", {"y": "1", "z": "2"}),
    ("/a/1%2F2", "/a/{x}", {"x": "1/2"}),
    ("/a/caf%C3%A9", "/a/{x}", {"x": "café"}),
    ("/a/%FF", "/a/{x}", {"x": "\N{REPLACEMENT CHARACTER}"}),
    ("/a/{}", "/a/{x}", {"x": "{}"}),
    ("/a/..", "/a/{x}", {"x": ".."}),
]


@pytest.mark.parametrize(("sent", "path", "values"), FOUND, ids=[sent for sent, *_ in FOUND])
def test_a_path_is_found_with_its_values(sent: str, path: str, values: dict[str, str]) -> None:
    """A name goes before a variable, and a variable takes one step, decoded after it was told apart."""
    assert PATHS.find(sent) == (path, values)


LOST = ["", "a", "*", "/", "//", "/A", "/a/", "/a//c", "/a/1/c/", "/b", "/{}", "/e", "/e/1", "/a%0A", "/a/1/c/d/e"]


@pytest.mark.parametrize("sent", LOST)
def test_another_is_lost(sent: str) -> None:
    """No step is added, left out or empty."""
    with pytest.raises(RouteNotFoundError):
        PATHS.find(sent)
