"""Watch a unit's inbox: give what is new, as soon as it is, from a place on that was given earlier."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from services.notify.domain.inbox import InboxEntry
from services.notify.use_cases.ports import Inbox

AT_ONCE: Final = 100
MOST: Final = 1000
"""New entries in one answer: who comes back after months is given the rest with the next."""
OVERLAP: Final = timedelta(seconds=5)
"""Two workers' entries can become visible in another order than their times say; so a little is looked at again."""
LOOK_AGAIN: Final = 5.0  # seconds


class Bell:
    """Wakes those who wait for a unit's inbox."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}

    def ring(self, unit: str) -> None:
        """Wake whoever waits for the unit."""
        for event in self._waiting.get(unit, ()):
            event.set()

    @property
    def listeners(self) -> int:
        """Say how many wait."""
        return sum(len(some) for some in self._waiting.values())

    def join(self, unit: str) -> asyncio.Event:
        """Begin to listen: give what the bell sets."""
        event = asyncio.Event()
        self._waiting.setdefault(unit, set()).add(event)
        return event

    def leave(self, unit: str, event: asyncio.Event) -> None:
        """Listen no more."""
        some = self._waiting.get(unit, set())
        some.discard(event)
        if not some:
            self._waiting.pop(unit, None)


@dataclass(slots=True)
class Watch:
    """How far one listener has come, and what of the last seconds it has seen."""

    unit: str
    inbox: Inbox
    since: datetime
    seen: dict[str, datetime] = field(default_factory=dict)

    async def fresh(self) -> list[InboxEntry]:
        """Give what has not been given yet, oldest first."""
        found: list[InboxEntry] = []
        place = (self.since - OVERLAP, "")
        while True:
            page = await self.inbox.since(self.unit, place, AT_ONCE)
            found += [one for one in page if one.id not in self.seen and (one.arrived, one.id) != place]
            if len(page) < AT_ONCE or sum(one.arrived > self.since for one in found) >= MOST:
                break
            place = (page[-1].arrived, page[-1].id)
        for one in found:
            self.seen[one.id] = one.arrived
            self.since = max(self.since, one.arrived)
        self.seen = {id_: at for id_, at in self.seen.items() if at >= self.since - 2 * OVERLAP}
        return found


async def watch_inbox(
    watch: Watch, bell: Bell, until: datetime, clock: Callable[[], datetime]
) -> AsyncGenerator[list[InboxEntry], None]:
    """Give what is new again and again, an empty list as a sign of life, until a time."""
    event = bell.join(watch.unit)
    try:
        while (left := (until - clock()).total_seconds()) > 0:
            yield await watch.fresh()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(LOOK_AGAIN, left)):
                    await event.wait()
            event.clear()
    finally:
        bell.leave(watch.unit, event)
