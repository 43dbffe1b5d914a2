"""The commands `catalog load`, `catalog list` and `catalog show`: the admin's view of the template baskets."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quantleap.domain.identifiers import Email
from quantleap.entrypoints.cli.basket_views import (
    BASKET_HEADINGS,
    BASKET_NUMBERS,
    basket_row,
    basket_views,
    listed_basket,
    whole_basket,
)
from quantleap.entrypoints.cli.catalog_file import parse_catalog, read_catalog_file
from quantleap.entrypoints.cli.commands import command, group
from quantleap.entrypoints.cli.invocation import Invocation
from quantleap.entrypoints.cli.listing import gather
from quantleap.entrypoints.cli.options import CursorOption, limit_option
from quantleap.entrypoints.cli.output.views import Table

if TYPE_CHECKING:
    from quantleap.composition import Application

app = group("catalog", "Template baskets: load, list and show them.")


@command(app, "load", example="quantleap catalog load --sample")
def load(
    invocation: Invocation,
    *,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A catalog document in JSON, at most 1 MiB.")
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Load the small marketplace that ships with quantleap.")] = (
        False
    ),
) -> None:
    """Create or edit the template baskets of a catalog and put them on the marketplace.

    The whole catalog is checked before anything is written. Loading it again changes nothing.
    """
    if (file is None) is not sample:
        raise typer.BadParameter("give a file, or --sample and no file", param_hint="FILE")
    document = sample_catalog(invocation.app, invocation.owner) if file is None else read_catalog_file(file)
    loaded = invocation.app.authoring.load_catalog(invocation.acting_on(), document)
    invocation.answer(
        {"templates": [{**listed_basket(each.basket), "changed": each.changed} for each in loaded]},
        [
            Table(
                (*BASKET_HEADINGS, "changed"),
                ((*basket_row(each.basket), each.changed) for each in loaded),
                BASKET_NUMBERS,
            )
        ],
    )


@command(app, "list", example="quantleap catalog list --limit 20")
def list_baskets(
    invocation: Invocation, *, limit: Annotated[int, limit_option("Baskets")] = 100, cursor: CursorOption = None
) -> None:
    """List the template baskets, on the marketplace or not."""
    app = invocation.app
    found = gather(lambda request: app.authoring.all(invocation.acting_on(), request), limit, cursor)
    invocation.answer(
        {"templates": [listed_basket(basket) for basket in found.entries], **found.end_document()},
        [Table(BASKET_HEADINGS, map(basket_row, found.entries), BASKET_NUMBERS), *found.cut_note("baskets")],
    )


@command(app, "show", example="quantleap catalog show basket_admin_8f3e2a1b")
def show(
    invocation: Invocation, *, basket_id: Annotated[str, typer.Argument(metavar="ID", help="The basket's id.")]
) -> None:
    """Show a template basket with its strategies and legs."""
    basket = invocation.app.authoring.get(invocation.acting_on(), basket_id)
    invocation.answer(whole_basket(basket), basket_views(basket))


def sample_catalog(app: "Application", owner: Email) -> object:
    """The shipped catalog, with the store's owner in the place of its own."""
    document = parse_catalog(app.reference_data.sample_catalog())
    return {**document, "owner": owner.address} if isinstance(document, dict) else document
