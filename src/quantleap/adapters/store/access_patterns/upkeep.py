"""Counters and the passes over the whole table."""

from quantleap.adapters.store.access_patterns.pattern import AccessPattern, Operation
from quantleap.adapters.store.entities import BASKET, CHECKPOINT, CLAIM, ENTITIES, PARTNER_COUNTERS
from quantleap.adapters.store.table import NOT_TOLD
from quantleap.ports.counters import MAX_COUNTERS_A_COMMIT
from quantleap.ports.expired_records import MAX_REMOVED_AT_ONCE

_COUNTING = ("counters.follow", "verification.verify", "recounting.recount")

UPKEEP = (
    AccessPattern(
        "which keys it is used with", Operation.GET, (CLAIM,), ("claiming.claim", "claiming.check"), consistent=True
    ),
    AccessPattern("note which keys it is used with", Operation.PUT, (CLAIM,), ("claiming.claim",)),
    AccessPattern(
        "where counting stands",
        Operation.GET,
        (CHECKPOINT,),
        _COUNTING,
        consistent=True,
        requests="1, and 2 more where following recounts",
    ),
    AccessPattern(
        "what changed since",
        Operation.READ_STREAM,
        (),
        (*_COUNTING, "auditing.follow"),
        at_times=tuple(entity for entity in ENTITIES if entity.name not in NOT_TOLD),
        requests="for each batch of changes, the last of which finds the end: 2 that describe, and 2 or more a shard",
    ),
    AccessPattern(
        "count changes, or correct counters",
        Operation.TRANSACT,
        (CHECKPOINT,),
        _COUNTING,
        at_times=(BASKET, PARTNER_COUNTERS),
        requests=f"1 a batch of changes; a recount: 1 for {MAX_COUNTERS_A_COMMIT} counters",
    ),
    AccessPattern(
        "move or hold the checkpoint",
        Operation.UPDATE,
        (CHECKPOINT,),
        _COUNTING,
        requests="1 now and then where there is nothing to count; a recount: 2",
    ),
    AccessPattern(
        "remove what has expired",
        Operation.EXPIRE,
        (),
        ("tidying.sweep",),
        at_times=tuple(entity for entity in ENTITIES if entity.expires),
        requests=f"none to DynamoDB, whose service does it; elsewhere 1 for {MAX_REMOVED_AT_ONCE} items",
    ),
    AccessPattern(
        "everything",
        Operation.SCAN,
        (),
        ("verification.is_empty", "verification.verify", "recounting.recount", "counters.follow"),
        at_times=ENTITIES,
        consistent=True,
        requests="1 a page; following only where it cannot go on, and recounts",
    ),
)
