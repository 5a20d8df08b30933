"""One atomic write in MongoDB, begun by taking each person's guard: writers of one person wait for each other."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClientSession
from pymongo import ReturnDocument, UpdateOne

from services.sip.domain.held import Held, Reader
from services.sip.domain.resource_types import BULK
from services.sip.storage.connection import Database
from services.sip.storage.documents import (
    HELD,
    SUPERSEDED,
    access_document,
    held,
    reader_documents,
    version_document,
)
from services.sip.use_cases.ports import Access, Moment, NewVersion


class MongoWriteTransaction:
    """Implements WriteTransaction on one session with an open transaction."""

    def __init__(self, db: Database, session: AsyncIOMotorClientSession) -> None:
        """Take the database and the session whose transaction is open."""
        self._db, self._session = db, session
        self._moments: dict[str | None, Moment] = {}

    async def take(self, persons: Sequence[str], unit: str | None, now: datetime) -> None:
        """Take the guards in a fixed order, and with each the person's next place in time."""
        for person in sorted(persons):
            document = await self._db.persons.find_one_and_update(
                {"_id": person}, _next_place(unit), upsert=True,
                return_document=ReturnDocument.AFTER, session=self._session,
            )  # fmt: skip
            self._moments[person] = Moment(
                document["at"].astimezone(UTC),
                document["seq"],
                document["fresh"],
                frozenset(document["units"]),
            )
        self._moments[None] = Moment(now.replace(microsecond=now.microsecond // 1000 * 1000))

    def moment(self, person: str | None) -> Moment:
        """Give the person's next place in time; the directory has only the clock."""
        return self._moments[person]

    async def held(self, keys: Collection[str]) -> dict[str, Held]:
        """Look up current versions, whoever may read them."""
        if not keys:
            return {}
        found = self._db.records.find(
            {"key": {"$in": list(keys)}, "current": True}, HELD, session=self._session, hint="current"
        )
        return {document["key"]: held(document) async for document in found}

    async def record_of(self, person: str) -> dict[str, Held]:
        """Look up the person's whole current record but for the bulk types."""
        found = self._db.records.find(
            {"patient": person, "current": True, "type": {"$nin": list(BULK)}},
            HELD,
            session=self._session,
            hint="person",
        )
        return {document["key"]: held(document) async for document in found}

    async def store(
        self,
        versions: Sequence[NewVersion],
        readers: Mapping[str, tuple[Reader, ...]],
        accesses: Sequence[Access],
    ) -> None:
        """Add versions (each ends the one before), set changed readers, log the accesses."""
        changes: list[Any] = [
            UpdateOne({"_id": f"{new.key}/{new.version - 1}", "current": True}, {"$unset": SUPERSEDED})
            for new in versions
            if new.version > 1
        ]
        changes += [
            UpdateOne(
                {"key": key, "current": True}, {"$set": {"readers": reader_documents(rights)}}, hint="current"
            )
            for key, rights in readers.items()
        ]
        if changes:
            done = await self._db.records.bulk_write(changes, ordered=False, session=self._session)
            if done.matched_count != len(changes):
                message = "a version was replaced outside its person's guard"
                raise RuntimeError(message)
        await self._db.records.insert_many([version_document(new) for new in versions], session=self._session)
        await self._db.access.insert_many([access_document(one) for one in accesses], session=self._session)


def _next_place(unit: str | None) -> list[dict[str, Any]]:
    """Count the person's writes, in times that never go back, and remember which units have written."""
    units: Any = {"$ifNull": ["$units", []]}
    own = [unit] if unit else []
    return [
        {
            "$set": {
                "at": {
                    "$max": ["$$NOW", {"$add": [{"$ifNull": ["$at", datetime(1970, 1, 1, tzinfo=UTC)]}, 1]}]
                },
                "seq": {"$add": [{"$ifNull": ["$seq", 0]}, 1]},
                "fresh": {"$not": [{"$setIsSubset": [own, units]}]},
                "units": {"$setUnion": [units, own]},
            }
        }
    ]
