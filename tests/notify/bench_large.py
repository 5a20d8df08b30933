"""Measures notify with much stored and much waiting: `python -m tests.notify.bench_large [stored] [waiting]`."""

import asyncio
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from services.notify.domain.delivery import Delivery, to_inbox
from services.notify.settings import NotifySettings
from services.notify.storage.database import Database
from services.notify.storage.documents import delivery_document
from services.notify.storage.mongo_deliveries import MongoDeliveries
from services.notify.storage.mongo_lanes import MongoLanes
from tests.issuer import TestIssuer
from tests.mongod import mongod
from tests.notify.bench import beside, record
from tests.notify.conftest import settings_of
from tests.notify.domain.made import NOW, record_event
from tests.notify.faults.processes import Process

STORED: Final = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
WAITING: Final = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
CLAIMS: Final = 300
AT_ONCE: Final = 5000


def row(number: int, name: str) -> Delivery:
    event = record_event(
        id=f"{name}{number}", person=f"Patient/{name}{number}", focus=f"CarePlan/{name}{number}"
    )
    return to_inbox(event, f"SE{number % 500}", NOW)


async def store_ended(database: Database, first: int, last: int) -> None:
    """Store deliveries that have ended."""
    for begin in range(first, last, AT_ONCE):
        rows = [delivery_document(row(n, "old")) for n in range(begin, min(last, begin + AT_ONCE))]
        ended = {"state": "delivered", "ended": NOW, "forget_at": NOW + timedelta(days=10_000)}
        await database["deliveries"].insert_many([one | ended for one in rows], ordered=False)


async def claiming(database: Database, name: str) -> tuple[float, float]:
    """Put deliveries in, claim each lane and read it; give the median and the 99th of a hundred, in ms."""
    lanes, deliveries = MongoLanes(database, 30.0), MongoDeliveries(database, timedelta(days=1))
    rows = [row(n, name) for n in range(CLAIMS)]
    await deliveries.add(rows)
    await lanes.wake(rows)
    spent: list[float] = []
    for _ in rows:
        started = time.perf_counter()
        [lane] = await lanes.claim(rows[0].queue)
        [one] = await deliveries.pending(lane.id, 50)
        spent.append(1000 * (time.perf_counter() - started))
        assert one.lane == lane.id
        await lanes.finish(lane)
    return sorted(spent)[CLAIMS // 2], sorted(spent)[int(CLAIMS * 0.99)]


async def fill(settings: NotifySettings, count: int) -> None:
    """Let so many wait."""
    async with Database(settings.mongo_url, settings.mongo_database, operation_ms=None) as database:
        await database.make_indexes()
        lanes, deliveries = MongoLanes(database, 30.0), MongoDeliveries(database, timedelta(days=1))
        for begin in range(0, count, AT_ONCE):
            rows = [row(n, "wait") for n in range(begin, begin + AT_ONCE)]
            await deliveries.add(rows)
            await lanes.wake(rows)


async def growth(settings: NotifySettings) -> None:
    """Claim with little and with much stored."""
    async with Database(
        settings.mongo_url, f"{settings.mongo_database}_growth", operation_ms=None
    ) as database:
        await database.make_indexes()
        done = 0
        for stored in (10_000, STORED):
            await store_ended(database, done, stored)
            done = stored
            p50, p99 = await claiming(database, f"n{stored}-")
            print(
                f"{stored} deliveries stored: claim and read a lane p50 {p50:.2f} ms, p99 {p99:.2f} ms",
                flush=True,
            )


def memory(settings: NotifySettings, log: Path) -> None:
    """Let a worker work for a while on very much that waits, and tell the most memory it took."""
    asyncio.run(fill(settings, WAITING))
    with Process("run_worker", settings, log) as worker:
        time.sleep(20)
        status = Path(f"/proc/{worker.process.pid}/status").read_text()
        most = int(status.partition("VmHWM:")[2].split()[0]) // 1024
        left = asyncio.run(pending(settings))
    print(f"{WAITING} waiting, {left} after 20 s: worker's memory at most {most} MB", flush=True)


async def pending(settings: NotifySettings) -> int:
    async with Database(settings.mongo_url, settings.mongo_database) as database:
        wanted: dict[str, Any] = {"state": "pending"}
        return await database["deliveries"].count_documents(wanted)


def main() -> None:
    """Run both."""
    with (
        mongod() as mongo_url,
        TestIssuer() as issuer,
        beside(record) as record_url,
        tempfile.TemporaryDirectory() as directory,
    ):
        settings = settings_of(mongo_url, issuer, record_url, lease_seconds=20.0)
        memory(settings, Path(directory) / "log")
        asyncio.run(growth(settings))


if __name__ == "__main__":
    main()
