"""Token buckets over any engine: one conditional update takes a token, and one refused by its condition takes none."""

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import Reading
from quantleap.adapters.store.seam import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Condition,
    Engine,
    Item,
    Missing,
    Update,
    WriteConflictError,
    WriteRefusedError,
)
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.token_bucket import Taken, interval_ns, take, tolerance_ns

_FULL_AT = "full_at_ns"
_MAX_UPDATES = 3


class StoredRateLimits:
    """See `quantleap.ports.rate_limits.RateLimits`.

    The bucket's state is the instant at which it is full again, and taking a token moves that on by an interval: from
    now when the bucket is full already (`_from_full`), else from where it stands (`_from_partial`), which needs no
    read, as an addition. Which of the two holds is guessed from what this process saw last. A refused guess brings the
    state as it is, and from it the answer or the better guess.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._seen: dict[PartnerId, int] = {}

    def take(self, partner_id: PartnerId, *, limit: int, now_ns: int, api_key_id: str | None) -> Taken:
        """One update where the guess is right, none where no token can be there: the stored instant never goes back."""
        seen = self._seen.get(partner_id)
        for _ in range(_MAX_UPDATES):
            expected = take(seen, now_ns, limit)
            if not expected.allowed:
                return expected
            try:
                after = self._engine.write(_update(partner_id, seen, now_ns, limit, api_key_id))
            except WriteRefusedError as refused:
                seen = self._remember(partner_id, refused.refusals[0].old)
            else:
                full_at = self._remember(partner_id, after)
                return take(None if full_at is None else full_at - interval_ns(limit), now_ns, limit)
        raise WriteConflictError("the rate limit is overtaken again and again; repeat the request")

    def _remember(self, partner_id: PartnerId, item: Item | None) -> int | None:
        full_at = None if item is None else Reading(item).maybe_number(_FULL_AT)
        if full_at is not None:
            self._seen[partner_id] = full_at
        return full_at


def _update(partner_id: PartnerId, seen: int | None, now_ns: int, limit: int, api_key_id: str | None) -> Update:
    interval = interval_ns(limit)
    uses = {} if api_key_id is None else {keys.uses_of(api_key_id): 1}
    key, fixed = keys.rate_limit(partner_id), {"entity_type": "RATE_LIMIT", "partner": str(partner_id)}
    if seen is None or seen <= now_ns:
        # full: the state is absent or past, and becomes one interval from now
        return Update(
            key, assign={**fixed, _FULL_AT: now_ns + interval}, add={**uses, "version": 1}, condition=_from_full(now_ns)
        )
    # partial: ahead of now by no more than all tokens but one
    return Update(
        key,
        assign=fixed,
        add={**uses, "version": 1, _FULL_AT: interval},
        condition=_from_partial(now_ns, tolerance_ns(limit)),
    )


def _from_full(now_ns: int) -> Condition:
    return AnyOf((Missing(_FULL_AT), AtMost(_FULL_AT, now_ns)))


def _from_partial(now_ns: int, tolerance: int) -> Condition:
    return AllOf((AtLeast(_FULL_AT, now_ns + 1), AtMost(_FULL_AT, now_ns + tolerance)))
