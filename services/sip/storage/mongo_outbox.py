"""The outbox: versions whose events were not yet handed over, read in each person's order."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from services.sip.storage.connection import Database
from services.sip.storage.mongo_lease import MongoLease

LEASE_SECONDS: Final = 5.0
ROW: Final = {"key": 1, "version": 1, "at": 1, "seq": 1, "patient": 1, "events": 1}


class MongoOutbox:
    """Implements Outbox; `holder` names this process in the lease."""

    def __init__(self, db: Database, holder: str) -> None:
        """Take the database and a name that no other process has."""
        self._db, self._lease, self._holder = db, MongoLease(db, "relay"), holder

    async def lead(self) -> bool:
        """Take or keep the lease."""
        return await self._lease.take(self._holder, LEASE_SECONDS)

    async def stand_down(self) -> None:
        """Give the lease back."""
        await self._lease.give_back(self._holder)

    async def unsent(self, count: int) -> Sequence[Mapping[str, Any]]:
        """Give the oldest, seen at one moment: what was acknowledged before another stands before it."""
        async with await self._db.client.start_session(snapshot=True) as session:
            rows = [
                row
                for outbox in (self._db.records, self._db.moments)
                for row in await outbox.with_options(read_concern=ReadConcern())
                .find({"unsent": True}, ROW, hint="outbox", session=session)
                .sort([("at", 1), ("seq", 1)])
                .limit(count)
                .to_list(None)
            ]
        return sorted(rows, key=lambda row: (row["at"], row["seq"]))[:count]

    async def mark_sent(self, ids: Sequence[str]) -> None:
        """Take these out of the outbox."""
        sent = {"$unset": {"unsent": "", "refusals": ""}}
        for outbox in (self._db.records, self._db.moments):
            own = [one for one in ids if self._outbox_of(one).name == outbox.name]
            if own:
                await outbox.update_many({"_id": {"$in": own}}, sent)

    async def refused(self, version_id: str, reason: str, park_after: int) -> bool:
        """Count a refusal; a version refused too often is parked: out of the way, and never forgotten."""
        outbox = self._outbox_of(version_id)
        found = await outbox.find_one_and_update(
            {"_id": version_id}, {"$inc": {"refusals": 1}}, {"refusals": 1}, return_document=True
        )
        if not found or found["refusals"] < park_after:
            return False
        await outbox.update_one({"_id": version_id}, {"$unset": {"unsent": ""}, "$set": {"parked": reason}})
        return True

    def _outbox_of(self, row_id: str) -> AsyncIOMotorCollection[dict[str, Any]]:
        """What time brought is named with a #, a version is not."""
        return self._db.moments if "#" in row_id else self._db.records

    async def changed(self, within: float) -> None:
        """Wake at the next insert with events; `within` seconds are the net beneath."""
        pipeline: list[dict[str, Any]] = [
            {"$match": {"operationType": "insert", "fullDocument.unsent": True}},
            {"$project": {"_id": 1}},
        ]
        with contextlib.suppress(TimeoutError, PyMongoError):
            async with asyncio.timeout(within):
                async with self._db.records.watch(pipeline, max_await_time_ms=1000) as stream:
                    # What came between the last look and the stream's start would be missed: look once more.
                    for outbox in (self._db.records, self._db.moments):
                        if await outbox.find_one({"unsent": True}, {"_id": 1}, hint="outbox"):
                            return
                    await stream.next()
                    return

    async def state(self) -> tuple[int, float, int]:
        """Give how many are unsent, the oldest one's age in seconds, and how many are parked."""
        waiting, parked, age = 0, 0, 0.0
        for outbox in (self._db.records, self._db.moments):
            told = await outbox.aggregate(
                [
                    {"$match": {"unsent": True}},
                    {"$sort": {"at": 1}},
                    {"$limit": 1},
                    {"$project": {"age": {"$subtract": ["$$NOW", "$at"]}}},
                ],
                hint="outbox",
            ).to_list(1)
            age = max([age, *(float(one["age"]) / 1000 for one in told)])
            waiting += await outbox.count_documents({"unsent": True}, hint="outbox", limit=100_000)
            parked += await outbox.count_documents({"parked": {"$exists": True}}, hint="parked")
        return waiting, age, parked
