"""Views drawn with rich: for terminals."""

from collections.abc import Iterable

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from quantleap.entrypoints.cli.output.views import Facts, Line, Table, Tone, View

_STYLES = {
    Tone.PLAIN: "",
    Tone.HEADING: "bold cyan",
    Tone.NOTE: "yellow",
    Tone.GOOD: "green",
    Tone.BAD: "bold red",
}


def draw(views: Iterable[View], console: Console) -> None:
    """Print the views. What they hold is text: nothing in it is taken for markup."""
    for position, view in enumerate(views):
        if position and isinstance(view, Line) and view.tone is Tone.HEADING:
            console.print()
        console.print(_renderable(view), soft_wrap=_is_one_word(view))


def _is_one_word(view: View) -> bool:
    """As a token is: broken by the terminal alone, so that it can be copied whole."""
    return isinstance(view, Line) and " " not in view.text


def _renderable(view: View) -> RenderableType:
    match view:
        case Line(text=text, tone=tone):
            return Text(text, style=_STYLES[tone])
        case Facts(pairs=pairs):
            grid = RichTable.grid(padding=(0, 2))
            grid.add_column(style="dim", no_wrap=True)
            grid.add_column(overflow="fold")
            for pair in pairs:
                grid.add_row(*map(Text, pair))
            return grid
        case Table():
            return _table(view)


def _table(view: Table) -> RichTable:
    table = RichTable(box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for heading in view.headings:
        # Folded where the terminal is narrow, never cut: half an amount would be another amount.
        table.add_column(heading, justify="right" if heading in view.numbers else "left", overflow="fold")
    for row in view.rows:
        table.add_row(*map(Text, row))
    return table
