"""How a request finds its route."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from quantleap.entrypoints.api.problems import MethodNotAllowedError, RouteNotFoundError
from quantleap.entrypoints.api.route import Route


class RouteTable:
    """Routes by path and method."""

    def __init__(self, routes: Iterable[Route]) -> None:
        found: dict[str, dict[str, Route]] = {}
        for route in routes:
            found.setdefault(route.path, {})[route.method] = route
        self.by_path: Mapping[str, Mapping[str, Route]] = MappingProxyType(found)

    def route_of(self, method: str, path: str) -> Route:
        """The route of a path as the table spells it, its variables in braces.

        Raises RouteNotFoundError, MethodNotAllowedError.
        """
        methods = self.by_path.get(path)
        if methods is None:
            raise RouteNotFoundError
        route = methods.get(method)
        if route is None:
            raise MethodNotAllowedError(", ".join(sorted(methods)))
        return route
