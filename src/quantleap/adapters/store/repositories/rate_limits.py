"""Token buckets over any engine: one conditional update takes a token, and one refused by its condition takes none."""

from collections.abc import Mapping

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.rate_limits import FULL_AT, alert_item, read_uses, uses_of
from quantleap.adapters.store.records.values import Reading
from quantleap.adapters.store.seam import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Condition,
    Engine,
    Item,
    ItemAbsent,
    Missing,
    Put,
    StoreUnavailableError,
    Update,
    WriteConflictError,
    WriteRefusedError,
)
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.token_bucket import Taken, interval_ns, take, tolerance_ns
from quantleap.ports.rate_limits import RateLimitAlert


class StoredRateLimits:
    """See `quantleap.ports.rate_limits.RateLimits`.

    The bucket's state is the instant at which it is full again, and taking a token moves that on by an interval: from
    now when the bucket is full already (`_from_full`), else from where it stands (`_from_partial`), which needs no
    read, as an addition. Which of the two holds is guessed from what this process saw last. A refused guess brings the
    state as it is, and from it the answer or the better guess. Where the client library sends an update again because
    its answer was lost, a second token is taken: too few requests pass then, never too many.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._seen: dict[PartnerId, int] = {}

    def take(self, partner_id: PartnerId, *, limit: int, now_ns: int, api_key_id: str | None) -> Taken:
        """One update where the guess is right, two where it is not, none where no token can be there.

        A third is never sent, because the stored instant never goes back: what was seen to be ahead of now is so until
        the end of the call, so that only "full" can be a wrong guess, and then "partial" is refused by nothing but an
        empty bucket. (Somebody who removes the item meanwhile makes the bucket full, and one more update of it.)
        """
        seen = self._seen.get(partner_id)
        while (expected := take(seen, now_ns, limit)).allowed:
            try:
                after = self._engine.write(_update(partner_id, seen, now_ns, limit, api_key_id))
            except WriteRefusedError as refused:
                seen = self._remember(partner_id, refused.refusals[0].old)
            except WriteConflictError as busy:
                raise StoreUnavailableError(busy.reason) from busy  # no request of the caller's own is in its way
            else:
                full_at = self._remember(partner_id, after)
                return take(None if full_at is None else full_at - interval_ns(limit), now_ns, limit)
        return expected

    def uses_of(self, partner_id: PartnerId) -> Mapping[str, int]:
        """One get."""
        item = self._engine.get(keys.rate_limit(partner_id))
        return {} if item is None else read_uses(item)

    def forget_uses(self, partner_id: PartnerId, api_key_id: str) -> None:
        """One update, refused where there is no count; in a transaction takes of tokens would be in its way."""
        uses = uses_of(api_key_id)
        try:
            self._engine.write(
                Update(keys.rate_limit(partner_id), add={"version": 1}, remove=(uses,), condition=AtLeast(uses, 0))
            )
        except WriteRefusedError:
            return
        except WriteConflictError as busy:
            raise StoreUnavailableError(busy.reason) from busy

    def alerting(self, alert: RateLimitAlert) -> bool:
        """One put, of what must be absent."""
        try:
            self._engine.write(Put(alert_item(alert), ItemAbsent()))
        except WriteRefusedError:
            return False
        return True

    def _remember(self, partner_id: PartnerId, item: Item | None) -> int | None:
        full_at = None if item is None else Reading(item).maybe_number(FULL_AT)
        if full_at is not None:
            self._seen[partner_id] = full_at
        return full_at


def _update(partner_id: PartnerId, seen: int | None, now_ns: int, limit: int, api_key_id: str | None) -> Update:
    interval = interval_ns(limit)
    uses = {} if api_key_id is None else {uses_of(api_key_id): 1}
    key, fixed = keys.rate_limit(partner_id), {"entity_type": "RATE_LIMIT", "partner": str(partner_id)}
    if seen is None or seen <= now_ns:
        # full: the state is absent or past, and becomes one interval from now
        return Update(
            key, assign={**fixed, FULL_AT: now_ns + interval}, add={**uses, "version": 1}, condition=_from_full(now_ns)
        )
    # partial: ahead of now by no more than all tokens but one
    return Update(
        key,
        assign=fixed,
        add={**uses, "version": 1, FULL_AT: interval},
        condition=_from_partial(now_ns, tolerance_ns(limit)),
    )


def _from_full(now_ns: int) -> Condition:
    return AnyOf((Missing(FULL_AT), AtMost(FULL_AT, now_ns)))


def _from_partial(now_ns: int, tolerance: int) -> Condition:
    return AllOf((AtLeast(FULL_AT, now_ns + 1), AtMost(FULL_AT, now_ns + tolerance)))
