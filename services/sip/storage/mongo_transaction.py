"""One atomic write in MongoDB, begun by taking each person's guard: writers of one person wait for each other."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClientSession
from pymongo import ReturnDocument, UpdateOne

from services.sip.domain.held import Held, Reader
from services.sip.domain.resource_types import BULK
from services.sip.domain.search_entries import Entries
from services.sip.domain.search_params import PARAMS
from services.sip.domain.search_query import SearchQuery
from services.sip.domain.search_terms import REFERRED, WITHHELD
from services.sip.domain.sight import Sight
from services.sip.storage.connection import Database, Document
from services.sip.storage.documents import (
    HELD,
    NEWEST,
    SUPERSEDED,
    access_document,
    held,
    mask_document,
    openings_in,
    reader_documents,
    search_fields,
    version_document,
)
from services.sip.storage.record_search import RecordSearch, hint_for
from services.sip.storage.search_order import order_of
from services.sip.use_cases.ports import Access, Moment, NewVersion

MOST_MS = 2000


class MongoWriteTransaction:
    """Implements WriteTransaction on one session with an open transaction."""

    def __init__(self, db: Database, session: AsyncIOMotorClientSession) -> None:
        """Take the database and the session whose transaction is open."""
        self._db, self._session = db, session
        self._moments: dict[str | None, Moment] = {}

    async def alone_with(self, criteria: Sequence[str], now: datetime) -> None:
        """Take a guard for each criteria, in a fixed order: who writes on the same condition waits."""
        for one in sorted({sha256(text.encode()).hexdigest() for text in criteria}):
            await self._db.guards.update_one(
                {"_id": one}, {"$set": {"at": now}, "$inc": {"taken": 1}}, upsert=True, session=self._session
            )

    async def take(self, persons: Sequence[str], unit: str | None, now: datetime) -> None:
        """Take the guards in a fixed order, and with each the person's next place in time."""
        guards = self._db.persons
        if len(persons) == 1:  # in one round trip: most writes are of one person
            found = await guards.find_one_and_update(
                {"_id": persons[0]}, next_place(unit), upsert=True,
                return_document=ReturnDocument.AFTER, session=self._session,
            )  # fmt: skip
            self._moments[persons[0]] = _moment(found)
        elif persons:
            places = [UpdateOne({"_id": person}, next_place(unit), upsert=True) for person in sorted(persons)]
            await guards.bulk_write(places, session=self._session)
            async for found in guards.find({"_id": {"$in": list(persons)}}, session=self._session):
                self._moments[found["_id"]] = _moment(found)
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

    async def records_of(self, persons: Collection[str], opened: Collection[str] = ()) -> dict[str, Held]:
        """Look up the persons' whole current records; the bulk types only of those who were opened."""
        wanted: list[dict[str, Any]] = []
        if persons:
            wanted.append({"patient": {"$in": list(persons)}, "type": {"$nin": list(BULK)}})
        if opened:
            wanted.append({"patient": {"$in": list(opened)}, "type": {"$in": list(BULK)}})
        records: dict[str, Held] = {}
        for one in wanted:
            found = self._db.records.find(
                {**one, "current": True}, HELD, session=self._session, hint="person"
            )
            records |= {document["key"]: held(document) async for document in found}
        return records

    async def deleted(self, keys: Collection[str]) -> dict[str, Held]:
        """Look up what was deleted and is still so."""
        found = self._db.records.find(
            {"key": {"$in": list(keys)}, "deleted": True, **NEWEST},
            HELD,
            session=self._session,
            hint="versions",
        )
        return {document["key"]: held(document) async for document in found}

    async def is_mentioned(self, key: str, person: str | None) -> bool:
        """Look into the person's bulk types; for what is no person's, into every reference that is searchable."""
        if person is None:
            return await self._db.records.find_one(
                {"type": {"$in": list(PARAMS)}, "terms": {"$in": _references_to(key)}, "current": True},
                {"_id": 1}, session=self._session, hint="terms", max_time_ms=MOST_MS,
            ) is not None  # fmt: skip
        found = self._db.records.find(
            {"patient": person, "current": True, "type": {"$in": list(BULK)}}, {"body": 1},
            session=self._session, hint="person",
        )  # fmt: skip
        quoted = f'"{key}"'.encode()
        return any([quoted in one["body"] async for one in found])

    async def matching(self, query: SearchQuery, sight: Sight, now: datetime) -> list[tuple[str, int]]:
        """Find what the criteria match, in the state that this transaction sees."""
        found = self._db.records.find(
            RecordSearch(self._db, sight, now).wanted(query),
            {"key": 1, "version": 1},
            session=self._session,
            max_time_ms=MOST_MS,
        )
        if hint := hint_for(query):
            found = found.hint(hint)
        return [(one["key"], one["version"]) async for one in found.sort(order_of(query)).limit(query.count)]

    async def shield(self, masking: Collection[str], unmasking: Collection[str]) -> None:
        """Mask all versions of these, and show the newest of those as it is."""
        if masking:
            bare = {"key": {"$in": list(masking)}, "masked": {"$exists": False}}
            found = self._db.records.find(bare, HELD, session=self._session, hint="versions")
            changes: list[Any] = [
                UpdateOne(
                    {"_id": f"{one['key']}/{one['version']}"}, {"$set": {"masked": mask_document(held(one))}}
                )
                async for one in found
            ]
            if changes:
                await self._db.records.bulk_write(changes, ordered=False, session=self._session)
        if unmasking:
            newest = {"key": {"$in": list(unmasking)}, "current": True}
            await self._db.records.update_many(newest, {"$unset": {"masked": ""}}, session=self._session)

    async def store(
        self,
        versions: Sequence[NewVersion],
        readers: Mapping[str, tuple[Reader, ...]],
        entries: Mapping[str, Entries],
        accesses: Sequence[Access],
    ) -> None:
        """Add versions (each ends the one before), set changed readers and search entries, log the accesses."""
        changes: list[Any] = [
            UpdateOne({"_id": f"{new.key}/{new.version - 1}", **NEWEST}, {"$unset": SUPERSEDED})
            for new in versions
            if new.version > 1
        ]
        fields = [(key, {"readers": reader_documents(rights)}) for key, rights in readers.items()]
        fields += [(key, search_fields(one)) for key, one in entries.items()]
        changes += [
            UpdateOne({"key": key, "current": True}, {"$set": changed}, hint="current")
            for key, changed in fields
        ]
        if changes:
            done = await self._db.records.bulk_write(changes, ordered=False, session=self._session)
            if done.matched_count != len(changes):
                message = "a version was replaced outside its person's guard"
                raise RuntimeError(message)
        await self._db.records.insert_many([version_document(new) for new in versions], session=self._session)
        await self._db.access.insert_many([access_document(one) for one in accesses], session=self._session)


def _moment(guard: Document) -> Moment:
    return Moment(
        guard["at"].astimezone(UTC),
        guard["seq"],
        guard["fresh"],
        frozenset(guard["units"]),
        openings_in(guard),
    )


def _references_to(key: str) -> list[str]:
    """Give the terms under which a reference to this is found."""
    names = {one.name for params in PARAMS.values() for one in params.values() if one.kind == "reference"}
    return [f"{name}{REFERRED}{key}" for name in sorted({*names, WITHHELD})]


def next_place(unit: str | None) -> list[dict[str, Any]]:
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
