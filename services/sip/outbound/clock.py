"""The clock: one process of several looks at what time has brought, and has it told."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from prometheus_client import Counter

from services.sip.outbound.sealing import HeldLease
from services.sip.use_cases.tell_the_time import BATCH, Alarms, tell_the_time

log = logging.getLogger(__name__)

LEASE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class ClockMetrics:
    """What the clock tells about itself."""

    told: Counter
    failures: Counter


class Clock:
    """Looks until told to stop; whatever kills it, an event is told once, and none is left."""

    def __init__(
        self, alarms: Alarms, lease: HeldLease, now: Callable[[], datetime], metrics: ClockMetrics
    ) -> None:
        """Take the alarms, the lease, the time, and where to count."""
        self._alarms, self._lease, self._now, self._metrics = alarms, lease, now, metrics

    async def run(self, every: float) -> None:
        """Look every so many seconds, at once again while there is more."""
        while True:
            try:
                while await self._lease.lease.take(self._lease.holder, LEASE_SECONDS):
                    rung, told = await tell_the_time(self._alarms, self._now())
                    self._metrics.told.inc(told)
                    if rung < BATCH:
                        break
            except asyncio.CancelledError:
                await self._lease.lease.give_back(self._lease.holder)
                raise
            except Exception as failure:  # noqa: BLE001 - the clock outlives whatever happens
                self._metrics.failures.inc()
                log.warning("clock_failed", extra={"reason": type(failure).__name__})
            await asyncio.sleep(every)


def clock_metrics(registry: Any) -> ClockMetrics:
    """Register the clock's metrics."""
    return ClockMetrics(
        Counter("sip_clock_events", "Events that time brought: due, overdue, deadlines.", registry=registry),
        Counter("sip_clock_failures", "Rounds of the clock that failed.", registry=registry),
    )
