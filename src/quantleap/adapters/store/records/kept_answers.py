"""Kept answers as items, which the table's own expiry removes."""

from datetime import UTC, datetime

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import Reading, keyed, unix_s_after
from quantleap.adapters.store.seam import Item
from quantleap.adapters.store.table import TTL_ATTRIBUTE
from quantleap.ports.kept_answers import AnswerPlace, KeptAnswer


def kept_answer_item(answer: KeptAnswer) -> Item:
    """An answer, with the second from which it counts as absent."""
    return keyed(
        keys.kept_answer(answer.place.mode, answer.place.scope),
        "KEPT_ANSWER",
        {
            "version": 1,
            "fingerprint": answer.fingerprint,
            "status_code": answer.status,
            "body": answer.body,
            "secret_of": answer.secret_of,
            TTL_ATTRIBUTE: unix_s_after(answer.expires_at),
        },
    )


def read_kept_answer(place: AnswerPlace, item: Item) -> KeptAnswer:
    """The answer of an item. Raises CorruptDataError."""
    reading = Reading(item)
    return KeptAnswer(
        place=place,
        fingerprint=reading.text("fingerprint"),
        status=reading.number("status_code"),
        body=reading.maybe_text("body"),
        secret_of=reading.maybe_text("secret_of"),
        expires_at=datetime.fromtimestamp(reading.number(TTL_ATTRIBUTE), UTC),
    )
