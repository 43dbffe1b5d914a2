"""What is whose: one store that stands for every question of who may call what.

Anita has two subscriptions by zebu (the second is paused) and one of her own, with broker accounts. Everybody else is a
stranger to them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from typing import Any

from attrs import frozen
from tests.integration.api.credentials import Credentials, early, of_now
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    CONDOR,
    KITE,
    STRADDLE,
    ZEBU,
    ZEBU_TEST,
    House,
    sample_catalog,
)

from quantleap.adapters.store.engines.memory import MemoryEngine
from quantleap.adapters.store.seam import Change, Item, Page, Query
from quantleap.domain.marketplace.document import read_basket
from quantleap.domain.partners.token_bucket import MAX_LIMIT
from quantleap.domain.principals import PartnerBackend
from quantleap.entrypoints.api.route import Caller

Subject = Mapping[str, str]

LADDER = "basket_admin_d40c5b62"
"""The basket that Anita subscribed to by herself."""

FREE = "basket_admin_77aa01fe"
"""A listed basket that nobody subscribed to."""

DRAFT, DRAFT_STRATEGY = "basket_admin_draft001", "strat_draft_1"
"""A basket that was never listed, and its strategy."""

OWNERS = {Caller.PARTNER: "the partner", Caller.USER: "the user", Caller.ADMIN: "an admin"}
"""Whose what is there is, in the words of the credentials, by whom a route is for."""

ACCOUNT, NOTE = "AN1T4SACC0UNT", "a note of anita's"
"""Words of Anita's that no stranger may read."""


@frozen
class Estate:
    """A furnished house whose clock stands still, and the credentials of all who may ask.

    `there` names what is there by path variable (`paused` and `direct` are further subscriptions, `user_email` is
    whose they are), `missing` what is not, in words as long.
    """

    house: House
    credentials: Credentials
    there: Subject
    missing: Subject

    @property
    def private(self) -> tuple[str, ...]:
        """What no stranger's answer holds, unless they sent it."""
        return (ACCOUNT, NOTE, *(self.there[name] for name in ("user_email", "subscription_id", "paused", "direct")))

    def items(self) -> list[Item]:
        """All that is stored but the buckets of tokens, which every request of a partner changes."""
        return [item for item in self.house.items() if item["entity_type"] != "RATE_LIMIT"]

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever is written meanwhile is taken back."""
        engine = vars(self._engine)
        kept = deepcopy({name: value for name, value in engine.items() if name != "_lock"})
        yield
        engine.update(kept)

    @contextmanager
    def written(self) -> Iterator[list[Change]]:
        """The changes that are made meanwhile and told; there once it is over."""
        found: list[Change] = []
        before = len(self._engine._changes)
        yield found
        found += self._engine._changes[before:]

    @contextmanager
    def read(self) -> Iterator[list[Item]]:
        """The items that the store gives out meanwhile."""
        engine = self._engine
        found: list[Item] = []
        get_many, query = engine.get_many, engine.query

        def noted_many(*args: Any, **kwargs: Any) -> list[Item | None]:
            items = get_many(*args, **kwargs)
            found.extend(item for item in items if item is not None)
            return items

        def noted_query(asked: Query) -> Page:
            page = query(asked)
            found.extend(page.items)
            return page

        vars(engine).update(get_many=noted_many, query=noted_query)
        yield found
        del vars(engine)["get_many"], vars(engine)["query"]

    @property
    def _engine(self) -> MemoryEngine:
        engine = self.house.app._engine
        assert isinstance(engine, MemoryEngine)
        return engine


def furnished(url: str = "memory://") -> Estate:
    """The estate, in a store of that URL; whoever asks for it closes its application."""
    house = House.furnished(url)
    for partner_id in (ZEBU, KITE, ZEBU_TEST):
        house.app.partners.revise(ADMIN, partner_id, rate_limit=MAX_LIMIT)
    outlived = early(house)
    house.clock.move_to(house.clock.now() + timedelta(days=2))
    there = {
        **_anita_s(house),
        "user_email": ANITA.email.address,
        "basket_id": CONDOR,
        "strategy_id": _draft(house),
        "partner_id": str(ZEBU),
        "api_key_id": house.first_key().api_key_id,
    }
    missing = {name: f"{spelled[:-6]}999999" for name, spelled in there.items()}
    missing |= {"user_email": "clara@example.com", "partner_id": "partner_nobu_live"}
    return Estate(house, of_now(house, outlived), there, missing)


def _anita_s(house: House) -> dict[str, str]:
    by = PartnerBackend(ZEBU)
    live, paused = (
        house.app.subscribing.for_partner(
            by, user=ANITA.email, basket_id=basket_id, broker_account_id=ACCOUNT, metadata={"note": NOTE}
        ).terms.subscription_id
        for basket_id in (CONDOR, STRADDLE)
    )
    house.app.subscriptions.pause(by, paused)
    direct = house.app.subscribing.directly(ANITA, basket_id=LADDER, metadata={"note": NOTE})
    return {"subscription_id": live, "paused": paused, "direct": direct.terms.subscription_id}


def draft_document(house: House) -> dict[str, Any]:
    """The condor under another name."""
    document: dict[str, Any] = sample_catalog(house.app)["templates"][0]
    [strategy] = document["strategies"]
    return {**document, "basket_id": DRAFT, "strategies": [{**strategy, "strategy_id": DRAFT_STRATEGY}]}


def _draft(house: House) -> str:
    """A basket that is not listed yet; gives the name of the listed condor's only strategy."""
    house.app.authoring.create(ADMIN, read_basket(draft_document(house)))
    [strategy] = house.app.authoring.get(ADMIN, CONDOR).content.strategies
    return strategy.strategy_id
