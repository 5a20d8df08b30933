"""Breakers: endpoints that fail, shared by all workers; those that do not fail have no document."""

import time
from typing import Any, Final

from pymongo import ReturnDocument

from services.notify.domain.breaker import Breaker, BreakerRules, pause_after
from services.notify.storage.database import Database

COUNTED: Final = [
    {
        "$set": {
            "failures": {"$add": [{"$ifNull": ["$failures", 0]}, 1]},
            "since": {"$ifNull": ["$since", "$$NOW"]},
            "open_until": {"$ifNull": ["$open_until", None]},
        }
    }
]


class MongoBreakers:
    """Implements Breakers; what is open is also remembered here, so that asking costs nothing."""

    def __init__(self, database: Database, rules: BreakerRules) -> None:
        """Take the database and when a breaker opens."""
        self._breakers = database["breakers"]
        self._rules = rules
        self._open: dict[str, float] = {}
        self._failing: set[str] = set()

    async def refresh(self) -> None:
        """Learn which breakers are open, also those that other workers opened or closed."""
        remaining = {"$divide": [{"$subtract": ["$open_until", "$$NOW"]}, 1000]}
        found = await self._breakers.aggregate([{"$project": {"remaining": remaining}}]).to_list(None)
        now = time.monotonic()
        self._failing = {document["_id"] for document in found}
        self._open = {
            document["_id"]: now + document["remaining"]
            for document in found
            if document["remaining"] is not None
        }

    def pause(self, queue: str) -> float | None:
        """Give seconds until a broken endpoint may be tried again (0: now, by one); None when it is not broken."""
        until = self._open.get(queue)
        return None if until is None else max(0.0, until - time.monotonic())

    def open_count(self) -> int:
        """Give how many are open."""
        return len(self._open)

    async def take_probe(self, queue: str, seconds: float) -> bool:
        """Be the one who tries a broken endpoint; nobody else does for so many seconds."""
        mine = {"_id": queue, "$expr": {"$and": [{"$lte": ["$open_until", "$$NOW"]}, "$open_until"]}}
        until: dict[str, Any] = {"$add": ["$$NOW", int(seconds * 1000)]}
        done = await self._breakers.update_one(mine, [{"$set": {"open_until": until}}])
        self._open[queue] = time.monotonic() + seconds
        return done.modified_count == 1

    async def succeeded(self, queue: str) -> None:
        """Forget the failures."""
        if queue in self._failing or queue in self._open:
            await self._breakers.delete_one({"_id": queue})
            self._open.pop(queue, None)
            self._failing.discard(queue)

    async def failed(self, queue: str) -> Breaker:
        """Count a failure, and open the breaker when there are too many."""
        self._failing.add(queue)
        counted = await self._breakers.find_one_and_update(
            {"_id": queue}, COUNTED, upsert=True, return_document=ReturnDocument.AFTER
        )
        pause = pause_after(counted["failures"], self._rules)
        if pause is not None:
            until = {"$add": ["$$NOW", int(pause * 1000)]}
            await self._breakers.update_one({"_id": queue}, [{"$set": {"open_until": until}}])
            self._open[queue] = time.monotonic() + pause
        return Breaker(counted["failures"], counted["since"], counted["open_until"])
