"""`quantleap serve` on a SQLite file under 100 requests a second of reads and writes, for a minute.

The client is open-loop: each request has its time, whatever became of those before it, and its latency counts from
that time. A server that falls behind cannot slow down what it is measured by.
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import count, cycle
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from bench.machine import machine
from quantleap.composition import DEFAULT_OWNER, Application, compose
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.partners.token_bucket import MAX_LIMIT
from quantleap.domain.principals import Admin, PartnerBackend

RATE_PER_S = 100
SECONDS = 60
AIM_P99_MS = 50.0

_SUBSCRIBERS = 500
_ADMIN = Admin(Email(DEFAULT_OWNER))
_PARTNER = PartnerId("zebu", Mode.LIVE)


@frozen
class Ask:
    """One request, and the status it is to be answered with."""

    kind: str
    method: str
    path: str
    status: int = 200
    body: bytes = b""

    def wire(self, credentials: str) -> bytes:
        """Its bytes."""
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: bench\r\n{credentials}"
        if self.body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(self.body)}\r\n"
        return head.encode() + b"\r\n" + self.body


def asks(basket_id: str, subscription_ids: Sequence[str]) -> Iterator[Ask]:
    """Seven reads and three writes in turn, without end. Each subscription is paused and, 100 requests later at the
    soonest, resumed.
    """
    ids, moved, users = cycle(subscription_ids), cycle(subscription_ids), count(1)
    waiting: list[str] = []
    templates = Ask("read", "GET", "/partner/marketplace/templates")
    listing = Ask("read", "GET", "/partner/subscriptions?limit=20")
    while True:
        for _ in range(2):
            yield templates
            yield Ask("read", "GET", f"/partner/subscriptions/{next(ids)}")
        yield Ask("write", "POST", "/partner/marketplace/subscribe", 201, _subscribe(next(users), basket_id))
        yield listing
        waiting.append(next(moved))
        yield Ask("write", "PUT", f"/partner/subscriptions/{waiting[-1]}/pause")
        yield Ask("read", "GET", f"/partner/subscriptions/{next(ids)}")
        yield templates
        if len(waiting) > RATE_PER_S // 10:
            yield Ask("write", "PUT", f"/partner/subscriptions/{waiting.pop(0)}/resume")


def _subscribe(number: int, basket_id: str) -> bytes:
    body = {"user_email": f"new{number}@example.com", "basket_id": basket_id, "broker_account_id": f"ZB{number}"}
    return json.dumps(body).encode()


@define
class Client:
    """Connections that are kept; one that is busy is never waited for, another is opened."""

    port: int
    credentials: str
    took_ms: dict[str, list[float]] = field(factory=lambda: {"read": [], "write": []})
    wrong: "Counter[str]" = field(factory=Counter)
    _idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(factory=list)

    async def run(self, given: Iterator[Ask], requests: int) -> None:
        """That many, each at its time."""
        begun = time.perf_counter()
        async with asyncio.TaskGroup() as under_way:
            for number in range(requests):
                due = begun + number / RATE_PER_S
                await asyncio.sleep(due - time.perf_counter())
                under_way.create_task(self._ask(next(given), due))
        for _, writer in self._idle:
            writer.close()

    async def _ask(self, ask: Ask, due: float) -> None:
        try:
            status = await self._answered(ask)
        except (OSError, asyncio.IncompleteReadError) as error:
            self.wrong[f"{ask.method} {type(error).__name__}"] += 1
            return
        self.took_ms[ask.kind].append((time.perf_counter() - due) * 1000)
        if status != ask.status:
            self.wrong[f"{ask.method} {status}"] += 1

    async def _answered(self, ask: Ask) -> int:
        # What idled for long the server has closed.
        kept = [each for each in self._idle if not each[0].at_eof()]
        connection = kept.pop() if kept else await asyncio.open_connection("127.0.0.1", self.port)
        self._idle = kept
        reader, writer = connection
        writer.write(ask.wire(self.credentials))
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        _, _, after = head.partition("content-length: ")
        await reader.readexactly(int(after.partition("\r\n")[0]))
        self._idle.append(connection)
        return int(head.split(" ", 2)[1])


def furnish(store: str) -> tuple[str, list[str], str]:
    """A marketplace, a partner whose limit is out of the way, its subscribers and its credentials."""
    with compose(store) as app:
        catalog: Any = json.loads(app.reference_data.sample_catalog(), parse_float=Decimal)
        app.authoring.load_catalog(_ADMIN, catalog)
        issued = app.partners.create(_ADMIN, _PARTNER, rate_limit=MAX_LIMIT).issued
        app.claiming.claim()
        app.counters.follow()
        basket_id = catalog["templates"][0]["basket_id"]
        ids = [_subscribed(app, number, basket_id) for number in range(_SUBSCRIBERS)]
    credentials = f"Authorization: Bearer {issued.key.api_key}\r\nX-Partner-Secret: {issued.secret}\r\n"
    return basket_id, ids, credentials


def _subscribed(app: Application, number: int, basket_id: str) -> str:
    made = app.subscribing.for_partner(
        PartnerBackend(_PARTNER),
        user=Email(f"user{number}@example.com"),
        basket_id=basket_id,
        broker_account_id=f"AB{number}",
    )
    return str(made.terms.subscription_id)


@contextmanager
def served(store: str) -> Iterator[int]:
    """The port of a server that is a process of its own, as anybody would start it."""
    program = [sys.executable, "-c", "from quantleap.entrypoints.cli.script import run; run()"]
    with subprocess.Popen(  # noqa: S603 - our own program
        [*program, "serve", "--store", store, "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "}\n")
            document = json.loads("".join(lines) + "}")
            yield int(document["url"].rpartition(":")[2])
        finally:
            process.terminate()


def percentile(sorted_ms: Sequence[float], hundredths: int) -> float:
    """The least of them that so many in ten thousand do not exceed."""
    return sorted_ms[max(0, -(-len(sorted_ms) * hundredths // 10_000) - 1)]


def measure(seconds: int = SECONDS) -> bool:
    """Whether every request was answered as it should be; says how long they took."""
    with tempfile.TemporaryDirectory(prefix="quantleap-bench-") as folder:
        store = f"sqlite:///{Path(folder) / 'serve.db'}"
        basket_id, ids, credentials = furnish(store)
        cpu_before = _cpu_of_children_s()
        with served(store) as port:
            client = Client(port, credentials)
            asyncio.run(client.run(asks(basket_id, ids), RATE_PER_S * seconds))
        cpu_s = _cpu_of_children_s() - cpu_before
    for kind, took in client.took_ms.items():
        print(_line(kind, sorted(took)))
    every = sorted(took for each in client.took_ms.values() for took in each)
    print(_line("all", every))
    print(f"server: {cpu_s / len(every) * 1000:.2f} ms of CPU a request, its start included")
    wrong = sum(client.wrong.values())
    print(f"{RATE_PER_S} a second for {seconds} s: {wrong} answered wrongly {dict(client.wrong) or ''}".rstrip())
    is_aim_met = percentile(every, 9900) < AIM_P99_MS
    print(f"p99 under {AIM_P99_MS:.0f} ms: {'met' if is_aim_met else 'MISSED'}, an aim, for it is the machine's too")
    return not wrong


def _cpu_of_children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _line(kind: str, took: Sequence[float]) -> str:
    p50, p99, p999 = (percentile(took, each) for each in (5000, 9900, 9990))
    figures = {"p50": p50, "p99": p99, "p99.9": p999, "max": took[-1]}
    return f"{kind:>6}: {len(took)} requests, {', '.join(f'{name} {ms:.1f} ms' for name, ms in figures.items())}"


def main() -> int:
    """Print the machine and the verdict; 1 when it is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.serve", description=__doc__)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    given = parser.parse_args()
    print(machine())
    print(f"load average before: {os.getloadavg()[0]:.1f}")
    return 0 if measure(given.seconds) else 1


if __name__ == "__main__":
    raise SystemExit(main())
