"""A process that takes tokens of partners' buckets at its parent's word.

Started as `rate_limit_child.py URL KEYS`. Each line of its input is JSON, `{"partner", "limit", "now_ns", "times"}`: it
takes so many of that partner's at that instant, and says how many it got.
"""

import json
import sys
from pathlib import Path

from quantleap.adapters.store.repositories.rate_limits import StoredRateLimits
from quantleap.composition.stores import open_store
from quantleap.domain.identifiers import Mode, PartnerId


def say(line: object) -> None:
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()


def main(url: str, keys: str) -> None:
    """Until the input ends."""
    engine, _ = open_store(url, keys=Path(keys), may_create=False)
    limits = StoredRateLimits(engine)
    say("ready")
    for line in sys.stdin:
        told = json.loads(line)
        partner_id = PartnerId(told["partner"], Mode.LIVE)
        taken = [
            limits.take(partner_id, limit=told["limit"], now_ns=told["now_ns"], api_key_id=None)
            for _ in range(told["times"])
        ]
        say(sum(each.allowed for each in taken))
    engine.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
