"""Views as plain text: for pipes and files. Nothing is cut to a width."""

from collections.abc import Iterable, Iterator

from quantleap.entrypoints.cli.output.views import Facts, Line, Table, Tone, View

_GAP = "  "


def plain_lines(views: Iterable[View]) -> Iterator[str]:
    """The lines, without their ends."""
    before: View | None = None
    for view in views:
        if isinstance(before, Table) or (before is not None and _is_heading(view)):
            yield ""
        before = view
        match view:
            case Line(text=text, tone=Tone.HEADING):
                yield from (text, "-" * len(text))
            case Line(text=text):
                yield text
            case Facts(pairs=pairs):
                width = max((len(label) for label, _ in pairs), default=0)
                yield from (f"{label.ljust(width)}{_GAP}{value}" for label, value in pairs)
            case Table():
                yield from _table_lines(view)


def _is_heading(view: View) -> bool:
    return isinstance(view, Line) and view.tone is Tone.HEADING


def _table_lines(table: Table) -> Iterator[str]:
    lines = (table.headings, *table.rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for cells in lines:
        padded = (
            cell.rjust(width) if heading in table.numbers else cell.ljust(width)
            for heading, cell, width in zip(table.headings, cells, widths, strict=True)
        )
        yield _GAP.join(padded).rstrip()
