"""The work list looked after: one process of several looks for what no write gives cause to."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from prometheus_client import Counter

from services.sip.outbound.sealing import HeldLease
from services.sip.use_cases.attention_ports import AttentionSource
from services.sip.use_cases.drafts import Policy
from services.sip.use_cases.ports import Store
from services.sip.use_cases.raise_attention import raise_attention

log = logging.getLogger(__name__)

LEASE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class AttendingMetrics:
    """How the looking goes; who is on the list is nobody's figure."""

    rounds: Counter
    failures: Counter


class Attending:
    """Looks until told to stop; an entry's name keeps it from being made twice."""

    def __init__(
        self,
        source: AttentionSource,
        writing: tuple[Store, Policy],
        lease: HeldLease,
        metrics: AttendingMetrics,
    ) -> None:
        """Take what finds, what writes, the lease, and where to count."""
        self._source, self._writing, self._lease, self._metrics = source, writing, lease, metrics

    async def run(self, every: float, now: Callable[[], datetime]) -> None:
        """Look every so many seconds."""
        try:
            while True:
                await self._look(now())
                await asyncio.sleep(every)
        finally:
            await self._lease.lease.give_back(self._lease.holder)

    async def _look(self, now: datetime) -> None:
        try:
            if await self._lease.lease.take(self._lease.holder, LEASE_SECONDS):
                raised = await raise_attention(self._source, *self._writing, now)
                self._metrics.rounds.inc()
                self._metrics.failures.inc(raised.refused)
        except Exception as failure:  # noqa: BLE001 - it outlives whatever happens
            self._metrics.failures.inc()
            log.warning("attending_failed", extra={"reason": type(failure).__name__})


def attending_metrics(registry: Any) -> AttendingMetrics:
    """Register the metrics."""
    return AttendingMetrics(
        Counter(
            "sip_attention_rounds", "Times everybody was looked at for the work list.", registry=registry
        ),
        Counter("sip_attention_failures", "Rounds, or entries, that failed.", registry=registry),
    )
