"""The one unit of work, which keeps answers too. Loaded by the first use case that commits."""

from quantleap.adapters.store.seam import Engine
from quantleap.adapters.store.unit_of_work import StoreUnitOfWork
from quantleap.application.answering_once import OnceUnits
from quantleap.ports.kept_answers import KeptAnswers
from quantleap.ports.system import Clock
from quantleap.ports.unit_of_work import UnitOfWork


def once_units(engine: Engine, answers: KeptAnswers, clock: Clock) -> OnceUnits:
    """Commits, and answers kept with them."""
    return OnceUnits(StoreUnitOfWork(engine), answers, clock)


def unit_of_work(units: OnceUnits) -> UnitOfWork:
    """The same."""
    return units
