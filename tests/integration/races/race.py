"""What a race is: many contestants do something at one instant, and what must hold then."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from random import Random

from attrs import frozen
from tests.integration.application.house import House

from quantleap.composition import Application
from quantleap.domain.errors import QuantleapError
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.principals import User

CONTESTANTS = 16


@frozen
class Scene:
    """What one round of a race is about, in words that another process can be told."""

    name: str
    """Lower-case letters and digits; no other round of any race in the same store has it."""
    subscription_id: str = ""
    charge_id: str = ""
    api_key_id: str = ""

    @property
    def user(self) -> User:
        """A user of the round's own."""
        return User(Email(f"{self.name}@example.com"))

    @property
    def partner(self) -> PartnerId:
        """A partner of the round's own, where it is made."""
        return PartnerId(self.name, Mode.LIVE)

    @property
    def basket_id(self) -> str:
        """A basket of the round's own, where it is made."""
        return f"basket_{self.name}"


@frozen
class Part:
    """What a contestant does, given its number, and by which errors alone it may be refused.

    It answers in text; None says that there was nothing to do.
    """

    act: Callable[[Application, Scene, int], str | None]
    refused_by: tuple[type[QuantleapError], ...] = ()


@frozen
class Ending:
    """How a contestant ended: it answered, had nothing to do, or was refused by the error of that name."""

    part: str
    answer: str | None = None
    refused_by: str | None = None
    said: str = ""


@frozen
class Answers:
    """How many contestants of those parts, taken together, are answered."""

    parts: tuple[str, ...]
    least: int
    most: int


def once(*parts: str) -> Answers:
    """Exactly one of them is answered."""
    return Answers(parts, 1, 1)


@frozen(kw_only=True)
class Race:
    """One race. Rows of the table of races are these."""

    name: str
    prepare: Callable[[House, Scene], Scene]
    """Sets the round up; tells more of its scene."""
    parts: Mapping[str, Part]
    cast: tuple[str, ...] = ()
    """Who plays what, repeated for all contestants; every part in turn unless said."""
    answers: tuple[Answers, ...] = ()
    kept: Callable[[House, Scene, Sequence[Ending]], Iterable[str]]
    """Every promise that what is stored breaks, in words."""

    def cast_of(self, number: int) -> list[str]:
        """Each contestant's part in that round: in another order each round, the same in every run."""
        parts = self.cast or tuple(self.parts)
        cast = [parts[contestant % len(parts)] for contestant in range(CONTESTANTS)]
        Random(f"{self.name} {number}").shuffle(cast)  # noqa: S311 - no secret
        return cast

    def broken_by(self, endings: Sequence[Ending]) -> Iterator[str]:
        """Every promise that the contestants' endings break, in words."""
        for ending in endings:
            allowed = {error.__name__ for error in self.parts[ending.part].refused_by}
            if ending.refused_by is not None and ending.refused_by not in allowed:
                yield f"{ending.part}: refused by {ending.refused_by}: {ending.said}"
        for promised in self.answers:
            found = len(answered(endings, *promised.parts))
            if not promised.least <= found <= promised.most:
                yield f"{' or '.join(promised.parts)}: {found} are answered, not {promised.least} to {promised.most}"


def answered(endings: Sequence[Ending], *parts: str) -> list[str]:
    """The answers of those parts (of all unless said)."""
    return [each.answer for each in endings if each.answer is not None and (not parts or each.part in parts)]


def perform(app: Application, race: Race, scene: Scene, part: str, number: int) -> Ending:
    """Play a part to its end, whatever that is."""
    try:
        return Ending(part, answer=race.parts[part].act(app, scene, number))
    except QuantleapError as error:
        return Ending(part, refused_by=type(error).__name__, said=str(error))
    except Exception as error:  # a contestant's fault is the race's finding
        return Ending(part, refused_by=type(error).__name__, said=repr(error))
