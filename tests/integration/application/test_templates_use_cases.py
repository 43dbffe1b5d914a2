"""Authoring and browsing: what a catalog does to the marketplace, and what of it is shown to whom."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve, fields
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    CONDOR,
    NOON,
    STRADDLE,
    ZEBU,
    House,
    refusal,
    sample_catalog,
)

from quantleap.composition import Application
from quantleap.domain.commissions.agreement import CommissionAgreement
from quantleap.domain.errors import (
    AlreadyExistsError,
    InvalidInputError,
    InvalidListingMoveError,
    TemplateNotFoundError,
)
from quantleap.domain.marketplace.content import Category
from quantleap.domain.marketplace.listing import ListingStatus
from quantleap.domain.paging import ListRequest
from quantleap.domain.principals import PartnerBackend
from quantleap.domain.rates import Rate

PAGE = ListRequest()


def neutral(app: Application, *, active: bool = True) -> list[str]:
    found = app.marketplace.templates(ANITA, Category.NEUTRAL, PAGE, active=active)
    return [template.basket_id for template in found.entries]


# Catalogs


def test_a_catalog_puts_its_templates_on_the_marketplace(app: Application) -> None:
    every = [app.authoring.get(ADMIN, basket.basket_id) for basket in app.authoring.all(ADMIN, PAGE).entries]
    assert len(every) == 4
    assert {(basket.version, basket.listing.status) for basket in every} == {(2, ListingStatus.LISTED)}
    assert neutral(app) == [CONDOR]


def test_the_same_catalog_again_changes_nothing(house: House) -> None:
    before = house.items()
    loaded = house.app.authoring.load_catalog(ADMIN, sample_catalog(house.app))
    assert [each.changed for each in loaded] == [False] * 4
    assert house.items() == before


def test_a_changed_catalog_edits_what_changed_and_lists_again_what_was_taken_off(house: House) -> None:
    app, document = house.app, sample_catalog(house.app)
    document["templates"][0]["basket_name"] = "Another name"
    app.authoring.take_off(ADMIN, STRADDLE)
    loaded = {each.basket.basket_id: each for each in app.authoring.load_catalog(ADMIN, document)}
    assert [each.basket.basket_id for each in loaded.values() if each.changed] == [CONDOR, STRADDLE]
    assert loaded[CONDOR].basket.version == 3
    assert app.authoring.get(ADMIN, CONDOR).content.basket_name == "Another name"
    assert app.authoring.get(ADMIN, STRADDLE) == loaded[STRADDLE].basket
    assert app.authoring.get(ADMIN, STRADDLE).listing.is_enabled


def test_a_load_cut_short_is_simply_repeated(house: House) -> None:
    house = House.over("memory://")
    document = sample_catalog(house.app)
    cut = {**document, "templates": document["templates"][:2]}
    house.app.authoring.load_catalog(ADMIN, cut)
    loaded = house.app.authoring.load_catalog(ADMIN, document)
    assert [each.changed for each in loaded] == [False, False, True, True]


# Single templates


def draft(app: Application, **changes: Any) -> Any:
    content = app.authoring.get(ADMIN, CONDOR).content
    strategies = tuple(evolve(each, strategy_id="fresh") for each in content.strategies)
    return evolve(content, **({"basket_id": "fresh", "strategies": strategies} | changes))


def test_a_template_is_made_as_a_draft_that_only_its_author_sees(app: Application) -> None:
    made = app.authoring.create(ADMIN, draft(app))
    assert app.authoring.get(ADMIN, "fresh") == made
    assert (made.version, made.listing.status) == (1, ListingStatus.NOT_LISTED)
    assert isinstance(refusal(lambda: app.marketplace.template(ADMIN, "fresh")), TemplateNotFoundError)
    assert neutral(app) == [CONDOR]


def test_a_template_is_edited_listed_and_taken_off_a_version_each(app: Application) -> None:
    app.authoring.create(ADMIN, draft(app))
    assert app.authoring.edit(ADMIN, draft(app, basket_name="Edited")).version == 2
    assert app.authoring.enable(ADMIN, "fresh").version == 3
    assert set(neutral(app)) == {CONDOR, "fresh"}
    assert app.authoring.take_off(ADMIN, "fresh").version == 4
    assert (neutral(app), neutral(app, active=False)) == ([CONDOR], ["fresh"])
    shown = app.marketplace.template(ANITA, "fresh")
    assert (shown.basket_name, shown.is_marketplace_enabled) == ("Edited", False)


def test_what_cannot_be_done_to_a_template_is_refused_with_nothing_written(house: House) -> None:
    authoring = house.app.authoring
    empty = draft(house.app, strategies=())
    authoring.create(ADMIN, empty)
    before = house.items()
    for call, kind in (
        (lambda: authoring.create(ADMIN, empty), AlreadyExistsError),
        (
            lambda: authoring.create(ADMIN, draft(house.app, basket_id="other", strategies=_of(house))),
            AlreadyExistsError,
        ),
        (lambda: authoring.edit(ADMIN, evolve(empty, basket_id="missing")), TemplateNotFoundError),
        (lambda: authoring.enable(ADMIN, "missing"), TemplateNotFoundError),
        (lambda: authoring.take_off(ADMIN, "missing"), TemplateNotFoundError),
        (lambda: authoring.get(ADMIN, "missing"), TemplateNotFoundError),
        (lambda: authoring.enable(ADMIN, CONDOR), InvalidListingMoveError),
        (lambda: authoring.take_off(ADMIN, "fresh"), InvalidListingMoveError),
        (lambda: authoring.enable(ADMIN, "fresh"), InvalidInputError),
        (lambda: authoring.edit(ADMIN, evolve(empty, basket_id=CONDOR)), InvalidInputError),
    ):
        assert type(refusal(call)) is kind
    assert house.items() == before


def _of(house: House) -> object:
    return house.app.authoring.get(ADMIN, CONDOR).strategies


def test_weekly_contracts_are_asked_of_the_day_of_authoring() -> None:
    document = sample_catalog(House.over("memory://").app)
    document["templates"][1]["strategies"][0]["expiry_type"] = "WEEKLY"
    # BANKNIFTY's last weekly contracts expired in November 2024: on no day that the data covers are there any.
    error = refusal(lambda: House.over("memory://").app.authoring.load_catalog(ADMIN, document))
    assert isinstance(error, InvalidInputError)
    assert error.field == "templates[1].strategies[0].expiry_type"


# What is shown


def test_a_template_is_shown_with_how_many_subscribe_and_never_a_leg(house: House) -> None:
    house.subscribed()
    house.app.counters.follow()
    shown = house.app.marketplace.template(ANITA, CONDOR)
    assert (shown.subscriber_count, shown.strategies_count) == (1, 1)
    assert not {"strategies", "legs", "entry_time", "entry_days"} & {field.name for field in fields(type(shown))}


def test_returns_are_shown_to_the_platform_and_to_a_partner_that_may_see_them(house: House) -> None:
    app = house.app
    content = evolve(app.authoring.get(ADMIN, CONDOR).content, expected_return_monthly=Decimal(3))
    app.authoring.edit(ADMIN, content)

    def returns(by: Any) -> set[Decimal | None]:
        listed = app.marketplace.templates(by, Category.NEUTRAL, PAGE).entries
        return {each.expected_return_monthly for each in (*listed, app.marketplace.template(by, CONDOR))}

    backend = PartnerBackend(ZEBU)
    assert (returns(ADMIN), returns(ANITA), returns(backend)) == ({Decimal(3)}, {None}, {None})
    app.partners.revise(ADMIN, ZEBU, show_performance=True)
    assert returns(backend) == {Decimal(3)}
    assert returns(PartnerBackend(evolve(ZEBU, slug="nobody"))) == {None}


def test_pages_go_on_where_they_ended(app: Application) -> None:
    first = app.authoring.all(ADMIN, ListRequest(limit=3))
    rest = app.authoring.all(ADMIN, ListRequest(limit=3, cursor=first.next_cursor))
    assert (len(first.entries), len(rest.entries), rest.next_cursor) == (3, 1, None)
    assert app.authoring.all(ADMIN, PAGE).entries == (*first.entries, *rest.entries)


@pytest.mark.parametrize("months", [1, 14])
def test_a_partners_agreement_begins_on_the_day_it_came_in(months: int) -> None:
    house = House.over("memory://", start=NOON + timedelta(days=months))
    made = house.app.partners.create(ADMIN, ZEBU, commission=Rate(1250))
    assert made.partner.agreement == CommissionAgreement.flat(Rate(1250), date(2026, 11, 24) + timedelta(days=months))
