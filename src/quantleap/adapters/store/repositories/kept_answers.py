"""Kept answers over any engine."""

from datetime import datetime

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.kept_answers import kept_answer_item, read_kept_answer
from quantleap.adapters.store.records.values import unix_s
from quantleap.adapters.store.seam import AnyOf, AtMost, Engine, Item, ItemAbsent, Put
from quantleap.adapters.store.table import TTL_ATTRIBUTE
from quantleap.adapters.store.unit_of_work import StagedWrite, never_refused
from quantleap.domain.errors import DomainError
from quantleap.ports.kept_answers import AnsweredBeforeError, AnswerPlace, KeptAnswer
from quantleap.ports.unit_of_work import Write


class StoredKeptAnswers:
    """See `quantleap.ports.kept_answers.KeptAnswers`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, place: AnswerPlace, *, at: datetime) -> KeptAnswer | None:
        """One consistent get. The table's own expiry may be days late."""
        item = self._engine.get(keys.kept_answer(place.mode, place.scope), consistent=True)
        answer = None if item is None else read_kept_answer(place, item)
        return None if answer is None or unix_s(answer.expires_at) <= unix_s(at) else answer

    def keeping(self, answer: KeptAnswer, *, at: datetime) -> list[Write]:
        """One put, of what must be absent or past."""

        def kept(there: Item | None) -> DomainError:
            return never_refused(there) if there is None else AnsweredBeforeError(read_kept_answer(answer.place, there))

        condition = AnyOf((ItemAbsent(), AtMost(TTL_ATTRIBUTE, unix_s(at))))
        return [StagedWrite(Put(kept_answer_item(answer), condition), kept)]
