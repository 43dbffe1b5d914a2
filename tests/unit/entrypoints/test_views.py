"""Views for people: values in words, plain text in pipes, drawings on terminals."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from rich.console import Console

from quantleap.domain.identifiers import Email
from quantleap.domain.money import Money
from quantleap.domain.rates import Rate
from quantleap.entrypoints.cli.output.plain import plain_lines
from quantleap.entrypoints.cli.output.terminal import draw
from quantleap.entrypoints.cli.output.views import Facts, Line, Table, Tone, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Money(99_900_000, "INR"), "INR 9,99,000.00"),
        (Money(-1_000, "INR"), "INR -10.00"),
        (Money(1_234_567, "USD"), "USD 12,345.67"),
        (1_234_567, "12,34,567"),
        (-1_234, "-1,234"),
        (0, "0"),
        (True, "yes"),
        (False, "no"),
        (None, "-"),
        ("", "-"),
        (Rate(1250), "12.5%"),
        (Email("Asha@Example.com"), "asha@example.com"),
        (date(2026, 11, 25), "2026-11-25"),
        (datetime(2026, 11, 25, 3, 50, tzinfo=UTC), "2026-11-25 09:20:00 IST"),
    ],
)
def test_values_are_shown_as_people_read_them(value: object, text: str) -> None:
    assert shown(value) == text


def test_plain_text_is_aligned_and_spaced() -> None:
    views = (
        Line("Title", Tone.HEADING),
        Facts((("a", 1), ("long label", None))),
        Table(("name", "amount"), (("x", Money(100, "INR")), ("longer", Money(1_000_000, "INR"))), ("amount",)),
        Line("done", Tone.GOOD),
        Line("Next", Tone.HEADING),
    )

    assert list(plain_lines(views)) == [
        "Title",
        "-----",
        "a           1",
        "long label  -",
        "name           amount",
        "x            INR 1.00",
        "longer  INR 10,000.00",
        "",
        "done",
        "",
        "Next",
        "----",
    ]


def test_a_table_without_rows_has_its_headings_and_facts_may_be_none() -> None:
    assert list(plain_lines([Table(("name", "status"), ()), Facts(())])) == ["name  status", ""]


def drawn(*views: Line | Facts | Table, width: int = 60) -> str:
    console = Console(file=StringIO(), width=width, force_terminal=False)
    draw(views, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_what_is_drawn_is_never_taken_for_markup() -> None:
    text = drawn(
        Line("[bold]name[/bold]"),
        Facts((("[red]label", "[/red]value"),)),
        Table(("[i]heading",), (("[link]cell",),)),
    )

    for words in ("[bold]name[/bold]", "[red]label", "[/red]value", "[link]cell"):
        assert words in text


def test_a_heading_stands_apart_from_what_is_before_it() -> None:
    assert drawn(Line("One", Tone.HEADING), Line("two"), Line("Three", Tone.HEADING)) == "One\ntwo\n\nThree\n"


@pytest.mark.parametrize("width", [20, 60, 120])
def test_a_narrow_terminal_folds_cells_and_cuts_nothing(width: int) -> None:
    text = drawn(Table(("id", "amount"), (("x" * 80, Money(99_900_000, "INR")),), ("amount",)), width=width)

    assert text.count("x") == 80
    assert [text.count(digit) for digit in "90"] == [3, 5]
