"""Taking away for good: entries of the access log, and parts of a record; hashes stay behind as tombstones."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from bson.binary import Binary
from motor.motor_asyncio import AsyncIOMotorClientSession
from pymongo import ReturnDocument, UpdateOne

from services.sip.domain.circle import readers_of_record
from services.sip.domain.codes import UNIT_KIND
from services.sip.domain.held import Held
from services.sip.domain.minors import Ages
from services.sip.domain.resource_types import values_at
from services.sip.domain.retention import Kept, Over, ground_of
from services.sip.storage.connection import DURABLE, SNAPSHOT, Client, Database
from services.sip.storage.documents import (
    HELD,
    NEWEST,
    access_document,
    held,
    openings_in,
    reader_documents,
)
from services.sip.storage.mongo_transaction import next_place
from services.sip.storage.mongo_whole_records import complete_directory
from services.sip.use_cases.ports import Access
from services.sip.use_cases.purge import BATCH, Choose, Tell


class MongoPurge:
    """Implements Purging."""

    def __init__(self, client: Client, db: Database) -> None:
        """Take the client, for its transactions, and the database."""
        self._client, self._db = client, db
        self._kinds: dict[str, set[str]] | None = None

    async def log_entries(
        self,
        givers: Sequence[str],
        *,
        others: bool,
        before: datetime,
        tell: Callable[[Sequence[str]], Access],
    ) -> int:
        """Delete a batch; what records a purge is never purged itself, nor what no seal holds the hash of."""
        wanted = {
            "giver": {"$nin" if others else "$in": list(givers)}, "at": {"$lt": before}, "seal": {"$exists": True},
            "$nor": [{"action": "D", "type": "AuditEvent"}],
        }  # fmt: skip
        found = self._db.access.find(wanted, {"_id": 1}).sort("_id", 1).limit(BATCH)
        ids = [one["_id"] async for one in found]
        if not ids:
            return 0
        keys = [f"AuditEvent/{one}" for one in ids]

        async def work(session: AsyncIOMotorClientSession) -> None:
            await self._db.access.insert_one(access_document(tell(keys)), session=session)
            await self._db.access.delete_many({"_id": {"$in": ids}}, session=session)
            await self._db.records.delete_many({"key": {"$in": keys}}, session=session)

        async with await self._client.start_session() as session:
            await session.with_transaction(work, read_concern=SNAPSHOT, write_concern=DURABLE)
        return len(ids)

    async def persons_left_alone_since(self, before: datetime) -> AsyncIterator[str]:
        """Give persons, each once; whether a part is really over is decided on the whole record."""
        part = {"patient": "$patient", "giver": "$own.giver", "unit": "$own.unit"}
        grouped = self._db.records.aggregate(
            [
                {"$match": {"patient": {"$type": "string"}, **NEWEST}},
                {"$group": {"_id": part, "at": {"$max": "$at"}}},
                {"$match": {"at": {"$lt": before}}},
                {"$group": {"_id": "$_id.patient"}},
                {"$sort": {"_id": 1}},
            ],
            allowDiskUse=True,
        )
        persons = [one["_id"] async for one in grouped]
        for person in persons:
            yield person

    async def part_of_record(self, person: str, choose: Choose, tell: Tell, ages: Ages) -> int:
        """Delete what is chosen, in one transaction under the person's guard."""
        kinds = await self._unit_kinds()

        async def work(session: AsyncIOMotorClientSession) -> int:
            guard = await self._db.persons.find_one_and_update(
                {"_id": person},
                next_place(None),
                upsert=True,
                return_document=ReturnDocument.AFTER,
                session=session,
            )
            found = self._db.records.find({"patient": person, **NEWEST}, HELD, session=session)
            documents = [one async for one in found]
            record = {
                one["key"]: Kept(
                    held(one), one["at"], ground_of(kinds.get((one.get("own") or {}).get("unit") or "", ()))
                )
                for one in documents
            }
            parts = choose(record)
            gone = {key for part in parts for key in part.keys}
            if not gone:
                return 0
            for part in parts:
                await self._bury(part, tell, session)
            left = {key: one.held for key, one in record.items() if key not in gone and not one.held.deleted}
            await self._judge_anew(left, guard, ages, session)
            return len(gone)

        async with await self._client.start_session() as session:
            count: int = await session.with_transaction(work, read_concern=SNAPSHOT, write_concern=DURABLE)
        return count

    async def _bury(self, part: Over, tell: Tell, session: AsyncIOMotorClientSession) -> None:
        """Leave the hash of every version, delete it, and log what went."""
        keys = sorted(part.keys)
        for some in (keys[start : start + BATCH] for start in range(0, len(keys), BATCH)):
            row = access_document(tell(part, some))
            versions = self._db.records.find({"key": {"$in": some}}, {"body": 1}, session=session)
            stones = [
                {
                    "_id": one["_id"], "hash": Binary(sha256(one["body"]).digest()), "at": row["at"],
                    "giver": part.giver, "reason": row["reason"],
                }
                async for one in versions
            ]  # fmt: skip
            await self._db.tombstones.insert_many(stones, session=session)
            await self._db.records.delete_many({"key": {"$in": some}}, session=session)
            await self._db.moments.delete_many({"key": {"$in": some}}, session=session)
            await self._db.access.insert_one(row, session=session)

    async def _judge_anew(
        self, left: Mapping[str, Held], guard: dict[str, Any], ages: Ages, session: AsyncIOMotorClientSession
    ) -> None:
        """What went may have been why somebody read what stays."""
        directory = await complete_directory(self._db, left.values(), {}, session)
        readers = readers_of_record(left, directory, guard["units"], openings_in(guard), ages)
        changes = [
            UpdateOne({"key": key, "current": True}, {"$set": {"readers": reader_documents(rights)}})
            for key, rights in readers.items()
            if rights != left[key].readers
        ]
        if changes:
            await self._db.records.bulk_write(changes, ordered=False, session=session)

    async def _unit_kinds(self) -> Mapping[str, Collection[str]]:
        if self._kinds is None:
            found = self._db.records.find({"type": "Organization", "current": True}, {"body": 1, "place": 1})
            self._kinds = {}
            async for one in found:
                codings = values_at(orjson.loads(one["body"]), "type.coding")
                kinds = {str(code.get("code")) for code in codings if code.get("system") == UNIT_KIND}
                self._kinds.setdefault((one.get("place") or {}).get("unit") or "", set()).update(kinds)
        return self._kinds
