"""The worker: claims lanes of the queues that have work, few of each at a time, and works them off."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.notify.domain.delivery import INBOX_QUEUE
from services.notify.use_cases.ports import Breakers, Lane, Lanes

AGAIN_AFTER_FAILURE = 1.0  # seconds
LEFT_AFTER_FAILURE = 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many lanes are worked at once, in all and of one queue; seconds between polls, of a lease, to drain."""

    lanes: int = 128
    lanes_of_queue: int = 8
    lanes_of_inbox: int = 64
    poll_seconds: float = 1.0
    lease_seconds: float = 20.0
    drain_seconds: float = 15.0
    probe_seconds: float = 60.0


class QueueWorker:
    """One worker process's share of the work; any number may run beside each other."""

    def __init__(
        self, lanes: Lanes, breakers: Breakers, limits: Limits, work: Callable[[Lane], Awaitable[None]]
    ) -> None:
        """Take the stores, the limits, and what to do with a claimed lane."""
        self._lanes, self._breakers, self._limits, self._work = lanes, breakers, limits, work
        # Queues that may have work, in the order in which they are looked at next.
        self._ready: dict[str, None] = {}
        # Queues that may have more work than there are places for.
        self._full: set[str] = set()
        # How many lanes of a queue to claim at once.
        self._at_once: dict[str, int] = {}
        self._something = asyncio.Event()
        self._tasks: dict[asyncio.Task[None], Lane] = {}
        self._of_queue: Counter[str] = Counter()
        self._last_round = time.monotonic()

    def wake(self, queue: str) -> None:
        """Look at a queue soon."""
        self._ready[queue] = None
        self._something.set()

    @property
    def seconds_since_round(self) -> float:
        """How long ago the worker last looked for work."""
        return time.monotonic() - self._last_round

    async def run(self) -> None:
        """Work until cancelled; then finish what is under way, and give back what is not finished in time."""
        try:
            async with asyncio.TaskGroup() as group:
                for loop in (self._poll, self._renew, self._claim):
                    group.create_task(self._for_ever(loop))
        finally:
            await self._drain()

    async def _for_ever(self, one_round: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await one_round()
            except Exception:
                log.exception("worker_round_failed")
                await asyncio.sleep(AGAIN_AFTER_FAILURE)

    async def _poll(self) -> None:
        await self._breakers.refresh()
        for queue in await self._lanes.due_queues():
            self.wake(queue)
        await asyncio.sleep(self._limits.poll_seconds)

    async def _renew(self) -> None:
        await asyncio.sleep(self._limits.lease_seconds / 3)
        await self._lanes.renew(list(self._tasks.values()))

    async def _claim(self) -> None:
        """Take one lane of each queue that has a free place, again and again while there are any."""
        self._last_round = time.monotonic()
        await self._wait_for_something()
        for queue in list(self._ready):
            if len(self._tasks) >= self._limits.lanes:
                return
            pause = self._breakers.pause(queue)
            places = (1 if pause is not None else self._places_of(queue)) - self._of_queue[queue]
            if places <= 0:
                del self._ready[queue]
                self._full.add(queue)  # noticed again when one of its lanes is done
            elif pause:
                del self._ready[queue]  # noticed again by polling
            else:
                places = min(places, self._limits.lanes - len(self._tasks), self._at_once.get(queue, 1))
                await self._claim_from(queue, places, probing=pause is not None)

    def _places_of(self, queue: str) -> int:
        return self._limits.lanes_of_inbox if queue == INBOX_QUEUE else self._limits.lanes_of_queue

    async def _wait_for_something(self) -> None:
        if not self._ready or len(self._tasks) >= self._limits.lanes:
            self._something.clear()
            try:
                async with asyncio.timeout(self._limits.poll_seconds):
                    await self._something.wait()
            except TimeoutError:
                pass

    async def _claim_from(self, queue: str, places: int, *, probing: bool) -> None:
        del self._ready[queue]  # before asking: what comes in meanwhile is noticed anew
        if probing and not await self._breakers.take_probe(queue, self._limits.probe_seconds):
            return
        lanes = await self._claimed(queue, places)
        # One at a time while there is little, so that it goes at once; twice as many while there are enough.
        self._at_once[queue] = 2 * places if len(lanes) == places else 1
        if not lanes:
            del self._at_once[queue]
        elif probing:
            self._full.add(queue)
        else:
            self._ready[queue] = None
        for lane in lanes:
            task = asyncio.create_task(self._worked(lane))
            self._tasks[task] = lane
            self._of_queue[queue] += 1
            task.add_done_callback(self._done)

    async def _claimed(self, queue: str, places: int) -> list[Lane]:
        """Claim, and if we are stopped meanwhile, give back what the claim brings."""
        claim = asyncio.ensure_future(self._lanes.claim(queue, places))
        try:
            return await asyncio.shield(claim)
        except asyncio.CancelledError:
            for lane in await claim:
                await self._lanes.release(lane, 0.0, lane.waits)
            raise

    def _done(self, task: asyncio.Task[None]) -> None:
        lane = self._tasks.pop(task)
        self._of_queue[lane.queue] -= 1
        if not self._of_queue[lane.queue]:
            del self._of_queue[lane.queue]
        if lane.queue in self._full:
            self._full.discard(lane.queue)
            self._ready[lane.queue] = None
        self._something.set()
        if not task.cancelled() and (failure := task.exception()):
            log.error("lane_not_given_back", extra={"error_type": type(failure).__name__})

    async def _worked(self, lane: Lane) -> None:
        try:
            await self._work(lane)
        except asyncio.CancelledError:
            await asyncio.shield(self._lanes.release(lane, 0.0, lane.waits))
        except Exception:
            log.exception("lane_failed")
            await self._lanes.release(lane, LEFT_AFTER_FAILURE, lane.waits)

    async def _drain(self) -> None:
        tasks = list(self._tasks)
        if not tasks:
            return
        _, unfinished = await asyncio.wait(tasks, timeout=self._limits.drain_seconds)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
