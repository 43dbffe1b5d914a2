"""The page of the table is the store's own description, and nothing on it has gone stale."""

from tools.table_page import PAGE, page

from quantleap.adapters.store.access_patterns import ACCESS_PATTERNS
from quantleap.adapters.store.entities import ENTITIES, PARTS
from quantleap.adapters.store.table import INDEXES


def test_the_page_is_what_the_tool_writes() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it anew: python -m tools.table_page"


def test_the_page_is_the_same_each_time_it_is_written() -> None:
    assert page() == page()


def test_everything_described_has_its_row() -> None:
    firsts = {line.split(" | ")[0] for line in page().splitlines() if line.startswith("| ")}
    assert {f"| `{described.name}`" for described in (*ENTITIES, *INDEXES)} <= firsts
    assert {f"| `{{{part}}}`" for part in PARTS} <= firsts
    assert {f"| {pattern.name}" for pattern in ACCESS_PATTERNS} <= firsts


def test_every_row_has_the_cells_of_its_table() -> None:
    tables = [block.splitlines() for block in page().split("\n\n") if block.startswith("| ")]
    assert tables
    assert [rows[0] for rows in tables if len({row.count(" | ") for row in rows}) > 1] == []
