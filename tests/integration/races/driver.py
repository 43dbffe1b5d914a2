"""Runs races, and says which promises were broken."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from attrs import Factory, define, frozen
from tests.integration.application.house import ADMIN, House
from tests.integration.races.contestants import Contestants
from tests.integration.races.race import Ending, Race, Scene, answered

from quantleap.domain.errors import QuantleapError

VERIFIED_EVERY = 10
"""Rounds. The whole store is read for it."""


@frozen
class Broken:
    """A promise that did not hold in a round (of one race, or of the whole store after it)."""

    race: str
    round: int
    promise: str


@define
class Tally:
    """What came of a number of rounds: broken promises, and how many contestants each race answered in each round."""

    broken: list[Broken] = Factory(list)
    answered: dict[str, list[int]] = Factory(lambda: defaultdict(list))

    def broken_in(self, race: Race) -> list[str]:
        """The promises that the race itself broke."""
        return [each.promise for each in self.broken if each.race == race.name]


def run(races: Sequence[Race], house: House, contestants: Contestants, rounds: int) -> Tally:
    """Each of the races once a round, in the house's store, which is verified now and then and at the end."""
    tally = Tally()
    for number in range(rounds):
        for race in races:
            tally.broken += [Broken(race.name, number, each) for each in _play(race, house, contestants, number, tally)]
        if number % VERIFIED_EVERY == VERIFIED_EVERY - 1 or number == rounds - 1:
            tally.broken += [Broken("the whole store", number, each) for each in _differences(house)]
    return tally


def _play(race: Race, house: House, contestants: Contestants, number: int, tally: Tally) -> Iterator[str]:
    try:
        scene = race.prepare(house, Scene(f"{re.sub('[^a-z]', '', race.name)}{number}"))
        endings: list[Ending] = contestants.race(race, scene, race.cast_of(number))
        tally.answered[race.name].append(len(answered(endings)))
        yield from race.broken_by(endings)
        yield from race.kept(house, scene, endings)
    except QuantleapError as error:
        yield f"{type(error).__name__}: {error}"


def _differences(house: House) -> Iterator[str]:
    try:
        verdict = house.app.verification.verify(ADMIN)
    except QuantleapError as error:
        yield f"{type(error).__name__}: {error}"
    else:
        yield from (f"{each.subject}: {each.problem}" for each in verdict.differences)
