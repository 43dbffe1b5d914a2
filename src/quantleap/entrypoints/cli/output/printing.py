"""Puts answers on stdout and progress on stderr, each in the way that suits where it goes."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from quantleap.entrypoints.cli.output.plain import plain_lines
from quantleap.entrypoints.cli.output.views import View

T = TypeVar("T")


def print_views(views: Iterable[View]) -> None:
    """Drawn with rich on a terminal, plain text elsewhere."""
    if sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415 - loaded only when something is drawn

        from quantleap.entrypoints.cli.output.terminal import draw  # noqa: PLC0415 - as above

        draw(views, Console())
    else:
        for line in plain_lines(views):
            print_line(line)


def print_line(text: str) -> None:
    """One line on stdout."""
    sys.stdout.write(f"{text}\n")


@contextmanager
def told_progress() -> Iterator[Callable[[str], None]]:
    """Tells steps on stderr, where they are in nobody's way: beside a spinner on a terminal, elsewhere a line each."""
    if not sys.stderr.isatty():
        yield _print_to_stderr
        return
    from rich.console import Console  # noqa: PLC0415 - loaded only when something is drawn

    console = Console(stderr=True)
    with console.status("opening the store") as status:

        def tell(text: str) -> None:
            console.print(text, markup=False, highlight=False)
            status.update(text)

        yield tell


def _print_to_stderr(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def watched(items: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """The items, with a bar on stderr while they are gone through, where that is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415 - loaded only when something is drawn
    from rich.progress import track  # noqa: PLC0415 - as above

    yield from track(items, description=label, total=total, console=Console(stderr=True), transient=True)
