"""One commit of staged writes: a single one by itself, several as one transaction, each refusal told by its owner."""

import logging
from collections.abc import Callable, Sequence

from attrs import frozen

from quantleap.adapters.store import seam
from quantleap.domain.errors import ConcurrentUpdateError, DomainError, InvalidInputError
from quantleap.ports.unit_of_work import NO_OUTCOME, Write

_log = logging.getLogger("quantleap.store")


@frozen
class StagedWrite:
    """A write of the seam, and what its refusal means.

    `refusal` is given the item as it was, and returns the error to raise or None: this very request wrote it before.
    A write with `drift` set keeps nothing from passing: refused alone it is left out, and the text logged.
    """

    operation: seam.Write
    refusal: Callable[[seam.Item | None], DomainError | None]
    drift: str | None = None


def never_refused(_: seam.Item | None) -> DomainError:
    """The meaning of a refusal that only another writer's interference could cause: the write has no such condition."""
    return ConcurrentUpdateError("record")


def holds(old: seam.Item | None, item: seam.Item) -> bool:
    """Whether all that would be written is there already, stamp and all: by this very write, whose answer was lost."""
    return old is not None and all(old.get(name) == value for name, value in item.items())


class StoreUnitOfWork:
    """Commits writes that this store's repositories staged."""

    def __init__(self, engine: seam.Engine) -> None:
        self._engine = engine

    def commit(self, *writes: Write, outcome: object = NO_OUTCOME) -> None:  # noqa: ARG002 - keeps no answers itself
        """See `quantleap.ports.unit_of_work.UnitOfWork.commit`."""
        staged = [write for write in writes if isinstance(write, StagedWrite)]
        if len(staged) != len(writes):
            raise TypeError("a write of another store")
        try:
            self._write([write.operation for write in staged])
        except seam.WriteRefusedError as refused:
            self._settle(staged, refused)

    def _write(self, operations: Sequence[seam.Write]) -> None:
        try:
            if len(operations) == 1 and not isinstance(operations[0], seam.Check):
                self._engine.write(operations[0])
            else:
                self._engine.transact(operations)
        except seam.InvalidWriteError as error:
            raise InvalidInputError("request", f"cannot be stored: {error}") from error

    def _settle(self, staged: Sequence[StagedWrite], refused: seam.WriteRefusedError) -> None:
        """Raise what the refusals mean; or find that all was done before; or go on without what only drifted."""
        binding = [refusal for refusal in refused.refusals if staged[refusal.index].drift is None]
        for refusal in binding:
            error = staged[refusal.index].refusal(refusal.old)
            if error is not None:
                raise error
        if binding:
            return  # every one says that this very request did it before
        drifted = {refusal.index for refusal in refused.refusals}
        for index in drifted:
            _log.warning("drift: %s", staged[index].drift)
        self.commit(*(write for index, write in enumerate(staged) if index not in drifted))
