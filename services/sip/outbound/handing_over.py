"""Handing over at work: each job is led by one process of several; whatever kills it, the next goes on where it was."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from prometheus_client import Counter

from services.sip.domain.errors import StoreBusy
from services.sip.outbound.sealing import HeldLease
from services.sip.use_cases.drafts import Policy
from services.sip.use_cases.handover_ports import HandoverJob, Handovers, Move, Refusal
from services.sip.use_cases.move_contact import Understand, asking_for, move_contact
from services.sip.use_cases.ports import Store

log = logging.getLogger(__name__)

LEASE_SECONDS: Final = 10.0
AT_ONCE: Final = 4
BATCH: Final = 20


@dataclass(frozen=True, slots=True)
class HandoverMetrics:
    """What handing over tells about itself: contacts, never persons."""

    moved: Counter
    refused: Counter
    failures: Counter


@dataclass(frozen=True, slots=True)
class Hands:
    """What a move needs: the stores, the policy, how a scope's query is read, and the time."""

    store: Store
    policy: Policy
    understand: Callable[[str, str, datetime], Any]
    now: Callable[[], datetime]

    async def move(self, job: HandoverJob, one: Move) -> Refusal | None:
        """Make one move, on the authority of who asked for it."""
        now = self.now()
        understand: Understand = lambda kind, query: self.understand(kind, query, now)  # noqa: E731 - bound to this time
        return await move_contact(job, one, self.store, self.policy, asking_for(job, now, understand))


class HandingOver:
    """Moves until told to stop."""

    def __init__(
        self, jobs: Handovers, hands: Hands, lease: Callable[[str], HeldLease], metrics: HandoverMetrics
    ) -> None:
        """Take the jobs, what moves, a lease for each job, and where to count."""
        self._jobs, self._hands, self._lease, self._metrics = jobs, hands, lease, metrics

    async def run(self, poll: float) -> None:
        """Work for ever, woken by new jobs, looking every `poll` seconds at the latest."""
        while True:
            try:
                jobs = await self._jobs.unfinished()
                for job in jobs:
                    await self._one(job)
                if jobs:
                    await asyncio.sleep(poll)  # another leads, or the store was busy
                else:
                    await self._jobs.changed(poll)
            except Exception as failure:  # noqa: BLE001 - it outlives whatever happens
                self._metrics.failures.inc()
                log.warning("handover_failed", extra={"reason": type(failure).__name__})
                await asyncio.sleep(poll)

    async def _one(self, job: HandoverJob) -> None:
        """Work on one job for as long as the lease is ours and something waits."""
        held = self._lease(job.id)
        try:
            while await held.lease.take(held.holder, LEASE_SECONDS):
                moves = await self._jobs.waiting(job.id, BATCH)
                if not moves:
                    await self._jobs.end(job.id, self._hands.now())
                    break
                if not await self._batch(job, moves):
                    break
        finally:
            await held.lease.give_back(held.holder)

    async def _batch(self, job: HandoverJob, moves: Sequence[Move]) -> bool:
        """Move some, several at once since they are different persons; tells whether anything was done."""
        places = asyncio.Semaphore(AT_ONCE)

        async def one(move: Move) -> Refusal | StoreBusy | None:
            async with places:
                try:
                    return await self._hands.move(job, move)
                except StoreBusy as busy:
                    return busy

        answers = list(zip(moves, await asyncio.gather(*map(one, moves)), strict=True))
        moved = [move for move, answer in answers if answer is None]
        refused = [answer for _, answer in answers if isinstance(answer, Refusal)]
        await self._jobs.note(job.id, moved, refused)
        self._metrics.moved.inc(len(moved))
        self._metrics.refused.inc(len(refused))
        return bool(moved or refused)


def handover_metrics(registry: Any) -> HandoverMetrics:
    """Register the metrics of handing over."""
    return HandoverMetrics(
        Counter("sip_handover_moves", "Fixed contacts moved in bulk handovers.", registry=registry),
        Counter(
            "sip_handover_refusals", "Fixed contacts that a bulk handover could not move.", registry=registry
        ),
        Counter("sip_handover_failures", "Rounds of handing over that failed.", registry=registry),
    )
