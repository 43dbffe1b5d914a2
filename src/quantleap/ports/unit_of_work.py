"""One commit: several changes, all or none."""

from typing import Protocol


class Write(Protocol):
    """A change some repository staged. Opaque: only the store it came from commits it, and nothing happens before."""


NO_OUTCOME = object()
"""That a commit is not the last of its use case, or the use case returns nothing of it."""


class UnitOfWork(Protocol):
    """Commits staged changes."""

    def commit(self, *writes: Write, outcome: object = NO_OUTCOME) -> None:
        """Do every change or none, serialisable with every other commit.

        `outcome` is what the use case will return: where the request's answer is to be kept, it is kept with it. A use
        case hands it to its last commit alone.

        A change that was refused raises the error its repository promised for it (the first one's, when several were
        refused), and nothing is written. A change whose refusal means that this very request did it before counts as
        done. Raises InvalidInputError when what was staged can never be stored, UnavailableError when the store cannot
        be used (BusyError when other commits kept it busy): then the same request may be repeated, and finds what it
        did.
        """
