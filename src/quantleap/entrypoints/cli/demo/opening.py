"""Chapter one: the catalog is loaded, and a partner proves its key."""

from quantleap.domain.errors import InvalidCredentialsError
from quantleap.domain.partners.token_bucket import MAX_LIMIT
from quantleap.domain.rates import Rate
from quantleap.entrypoints.cli.basket_views import BASKET_HEADINGS, BASKET_NUMBERS, basket_row, listed_basket
from quantleap.entrypoints.cli.catalog import sample_catalog
from quantleap.entrypoints.cli.demo.chapter import Chapter, Check
from quantleap.entrypoints.cli.demo.stage import PARTNER_ID, Stage, moment
from quantleap.entrypoints.cli.output.views import Facts, Table

COMMISSION = Rate(3000)


def open_marketplace(stage: Stage) -> Chapter:
    """Load the sample, create the partner, and let its server in by its key pair and by nothing else."""
    stage.clock.move_to(moment(8, 30))
    loaded = stage.app.authoring.load_catalog(stage.admin, sample_catalog(stage.app, stage.owner))
    made = stage.app.partners.create(stage.admin, PARTNER_ID, commission=COMMISSION, rate_limit=MAX_LIMIT)
    key = made.issued.key
    stage.backend = stage.app.authentication.partner(key.api_key, made.issued.secret)
    refused = ""
    try:
        stage.app.authentication.partner(key.api_key, made.issued.secret[:-1])
    except InvalidCredentialsError as refusal:
        refused = str(refusal)
    return Chapter(
        key="opening",
        title="The marketplace opens",
        document={
            "templates": [listed_basket(each.basket) for each in loaded],
            "partner_id": str(PARTNER_ID),
            "commission": str(COMMISSION),
            "api_key_id": key.api_key_id,
            "authenticated_as": str(stage.backend.partner_id),
            "wrong_secret": refused,
        },
        views=(
            Table(BASKET_HEADINGS, (basket_row(each.basket) for each in loaded), BASKET_NUMBERS),
            Facts(
                (
                    ("partner", f"{PARTNER_ID}, commission {COMMISSION}, {MAX_LIMIT:,} requests a minute"),
                    ("key pair", f"{key.api_key_id}, works until {key.usable_until:%Y-%m-%d}"),
                    ("proved by it", stage.backend.partner_id),
                    ("with a wrong secret", f"refused: {refused}"),
                )
            ),
        ),
        checks=(
            Check("the key pair proves the partner", str(PARTNER_ID), str(stage.backend.partner_id)),
            Check("a wrong secret is refused", expected=True, found=bool(refused)),
        ),
    )
