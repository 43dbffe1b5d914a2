"""Every race, in chapters: a chapter's races are run in one store, round by round."""

from collections.abc import Mapping

from tests.integration.races.allocating import ALLOCATING
from tests.integration.races.authoring import AUTHORING
from tests.integration.races.counting import COUNTING
from tests.integration.races.money import MONEY
from tests.integration.races.partnering import PARTNERING
from tests.integration.races.race import Race
from tests.integration.races.requests import REQUESTS
from tests.integration.races.subscribing import SUBSCRIBING

CHAPTERS: Mapping[str, tuple[Race, ...]] = {
    "subscribing": SUBSCRIBING,
    "allocating": ALLOCATING,
    "money": MONEY,
    "partnering": PARTNERING,
    "authoring": AUTHORING,
    "counting": COUNTING,
    "requests": REQUESTS,
}

RACES: Mapping[str, Race] = {race.name: race for races in CHAPTERS.values() for race in races}
