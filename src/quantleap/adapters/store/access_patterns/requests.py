"""What every request may ask, whatever it is for: a token of the rate limit, and an answer that was given before."""

from quantleap.adapters.store.access_patterns.pattern import AccessPattern, Operation
from quantleap.adapters.store.entities import ENTITIES, KEPT_ANSWER, RATE_LIMIT, RATE_LIMIT_ALERT

_ANSWERED_ONCE = (
    *(f"subscriptions.{name}" for name in ("pause", "resume", "cancel", "expire")),
    "subscribing.for_partner",
    "subscribing.directly",
    "allocations.put",
    "allocations.delete",
    *(f"billing.{name}" for name in ("charge_next", "refund", "unpark", "adjust", "pay_out")),
    *(f"authoring.{name}" for name in ("create", "edit", "delete", "enable", "take_off", "revise_listing")),
    *(f"authoring.{name}" for name in ("add_strategy", "replace_strategy", "remove_strategy")),
    *(f"partners.{name}" for name in ("create", "revise", "issue", "permit", "rotate", "revoke")),
)
"""Use cases whose commit takes the answer of a request with an idempotency key along."""

REQUESTS = (
    AccessPattern(
        "take a token of a partner's bucket and count the use of a key pair, or forget the uses of one that is revoked",
        Operation.UPDATE,
        (RATE_LIMIT,),
        ("admission.take", "partners.revoke"),
        requests="1, and 1 more where another process emptied a full bucket; none where this one knows it is empty",
    ),
    AccessPattern(
        "tell of a partner that is refused again and again",
        Operation.PUT,
        (RATE_LIMIT_ALERT,),
        ("admission.take",),
        requests="1 an hour and process",
    ),
    AccessPattern(
        "do what a request with an idempotency key asks for, and keep its answer",
        Operation.TRANSACT,
        (KEPT_ANSWER,),
        _ANSWERED_ONCE,
        at_times=ENTITIES,
        requests="1, in the place of the write without a key",
    ),
    AccessPattern(
        "keep an answer where nothing was to be done",
        Operation.PUT,
        (KEPT_ANSWER,),
        ("answering_once.run",),
    ),
    AccessPattern(
        "the answer that was given to a request before",
        Operation.GET,
        (KEPT_ANSWER,),
        ("answering_once.run",),
        consistent=True,
        requests="1, where the use case refused before its write",
    ),
)
