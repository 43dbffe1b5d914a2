"""What is asked of a list, from its query parameters."""

from typing import Any, Generic, TypeVar

from attrs import frozen

from quantleap.domain.paging import ListPage, ListRequest
from quantleap.entrypoints.api.request import Call

T = TypeVar("T")


@frozen
class Listed(Generic[T]):
    """A page of a list, and what was asked for."""

    page: ListPage[T]
    request: ListRequest

    def document(self, name: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
        """The entries under that name, and the published facts of every list."""
        return {
            name: entries,
            "total": self.page.total,
            "limit": self.request.limit,
            "offset": self.request.offset,
            "next_cursor": self.page.next_cursor,
        }


def list_request(call: Call) -> ListRequest:
    """The page asked for, with the total. Raises InvalidInputError for a cursor beside an offset."""
    query = call.query
    return ListRequest(query["limit"], query["cursor"], offset=query["offset"], with_total=True)
