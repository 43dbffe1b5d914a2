"""Where an answer leads: the routes that take what was made by its id."""

import re
from typing import Any

from pydantic import BaseModel

from quantleap.domain.identifiers import FORMS
from quantleap.entrypoints.api.route import Route
from quantleap.entrypoints.api.routes.table import ROUTES

_VARIABLE = re.compile(r"\{(\w+)\}")
_MADE = 201


def variables_of(route: Route) -> list[str]:
    """The names of its path's variables."""
    return _VARIABLE.findall(route.path)


def links_of(route: Route) -> dict[str, Any]:
    """From a route that makes something to each other of its caller whose path's variables its answer names."""
    if route.status != _MADE:
        return {}
    places = _places_of_ids(route.load_answer())
    others = (other for other in ROUTES if other.caller is route.caller and other is not route)
    return {
        target.name: {"operationId": target.name, "parameters": {name: places[name] for name in variables}}
        for target in others
        if (variables := variables_of(target)) and places.keys() >= set(variables)
    }


def _places_of_ids(answer: type[BaseModel], below: str = "") -> dict[str, str]:
    """Runtime expressions by the names of identifiers; what stands further out goes before."""
    places: dict[str, str] = {}
    for name, field in answer.model_fields.items():
        if name in FORMS:
            places[name] = f"$response.body#{below}/{name}"
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            places = {**_places_of_ids(field.annotation, f"{below}/{name}"), **places}
    return places
