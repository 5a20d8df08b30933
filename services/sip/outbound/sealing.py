"""Sealing at work: one process of several leads, seals what waits, and publishes each root outside the store."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

import orjson
from prometheus_client import Counter, Gauge

from services.sip.domain.sealed_log import Seal
from services.sip.use_cases.seal_log import BATCH, seal_log
from services.sip.use_cases.seal_ports import SealedLog, SealKey

log = logging.getLogger(__name__)

LEASE_SECONDS: Final = 10.0


class Lease(Protocol):
    """Lets one of several work."""

    async def take(self, holder: str, seconds: float) -> bool:
        """Take or keep it."""

    async def give_back(self, holder: str) -> None:
        """Let the next one begin at once."""


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A lease, and the name by which this process holds it."""

    lease: Lease
    holder: str


class WaitingLog(SealedLog, Protocol):
    """A log that also tells what waits."""

    async def waiting(self) -> tuple[int, float]:
        """Give how many rows wait for a seal, and the oldest one's age in seconds."""


@dataclass(frozen=True, slots=True)
class SealingMetrics:
    """What sealing tells about itself."""

    sealed: Counter
    failures: Counter
    waiting: Gauge
    oldest: Gauge


class Sealing:
    """Seals until told to stop; whatever kills it, a row is sealed later, once, and none is left."""

    def __init__(
        self,
        store: WaitingLog,
        lease: HeldLease,
        key: SealKey,
        clock: Callable[[], datetime],
        roots: Path | None,
    ) -> None:
        """Take the log, the lease, the key, the clock, and the file that roots are added to (None: logs alone)."""
        self._store, self._lease, self._key, self._clock, self._roots = store, lease, key, clock, roots

    async def run(self, every: float, metrics: SealingMetrics) -> None:
        """Seal what waits, at least `every` seconds."""
        while True:
            try:
                while await self._leads():
                    count = await self.one()
                    metrics.sealed.inc(count)
                    if count < BATCH:
                        break
                waiting, oldest = await self._store.waiting()
                metrics.waiting.set(waiting)
                metrics.oldest.set(oldest)
            except asyncio.CancelledError:
                await self._lease.lease.give_back(self._lease.holder)
                raise
            except Exception as failure:  # noqa: BLE001 - sealing outlives whatever happens
                metrics.failures.inc()
                log.warning("sealing_failed", extra={"reason": type(failure).__name__})
            await asyncio.sleep(every)

    async def _leads(self) -> bool:
        return await self._lease.lease.take(self._lease.holder, LEASE_SECONDS)

    async def one(self) -> int:
        """Seal one batch and publish its root; gives how many rows it holds."""
        seal = await seal_log(self._store, self._key, self._clock())
        if seal is None:
            return 0
        await asyncio.to_thread(self._publish, seal)
        return seal.count

    def _publish(self, seal: Seal) -> None:
        """Tell the root where the store's owner cannot take it back: in the logs, and in a file if there is one."""
        line = published(seal)
        log.info("access_log_sealed", extra={"seal": seal.number, "root": seal.root.hex()})
        if self._roots is not None:
            with self._roots.open("ab") as file:
                file.write(line + b"\n")


def published(seal: Seal) -> bytes:
    """Write a root for the world outside, one line."""
    return orjson.dumps(
        {
            "number": seal.number, "at": seal.at.isoformat(), "count": seal.count, "root": seal.root.hex(),
            "previous": seal.previous.hex(),
        }
    )  # fmt: skip


def sealing_metrics(registry: Any) -> SealingMetrics:
    """Register the metrics of sealing."""
    return SealingMetrics(
        Counter("sip_access_rows_sealed", "Rows of the access log that got their seal.", registry=registry),
        Counter("sip_sealing_failures", "Rounds of sealing that failed.", registry=registry),
        Gauge("sip_access_unsealed", "Rows of the access log that wait for a seal.", registry=registry),
        Gauge("sip_access_unsealed_oldest_age_seconds", "Age of the oldest of them.", registry=registry),
    )
