"""Samples of the access log: drawn from the rows of one care giver, and kept with what was decided."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from services.sip.domain.codes import HSA_ID_SYSTEMS
from services.sip.domain.held import Resource
from services.sip.domain.log_sample import Looked
from services.sip.domain.place import hsa_id_of
from services.sip.storage.connection import Database
from services.sip.storage.store_answers import answering
from services.sip.use_cases.sample_ports import Decision, Sample

BATCH: Final = 500
Span = tuple[datetime, datetime]


class MongoSamples:
    """Implements Samples."""

    def __init__(self, db: Database) -> None:
        """Take the database."""
        self._db = db

    @answering
    async def at_random(self, giver: str, span: Span, size: int) -> tuple[int, list[Looked]]:
        """Count the accesses, and draw some of them."""
        wanted = _accesses(giver, span)
        population = await self._db.access.count_documents(wanted, hint="giver")
        drawn = self._db.access.aggregate([{"$match": wanted}, {"$sample": {"size": size}}], hint="giver")
        looks = [_looked(one | {"number": one["_id"], "times": 1}) async for one in drawn]
        return population, sorted(looks, key=lambda one: one.at, reverse=True)

    async def looks(self, giver: str, span: Span) -> AsyncIterator[Sequence[Looked]]:
        """Give who looked at whom."""
        pair = {name: f"${name}" for name in ("employee", "unit", "person")}
        last = {"at": {"$last": "$at"}, "number": {"$last": "$_id"}, "times": {"$sum": 1}}
        grouped = self._db.access.aggregate(
            [{"$match": _accesses(giver, span)}, {"$sort": {"at": 1}}, {"$group": {"_id": pair, **last}}],
            hint="giver", allowDiskUse=True, batchSize=BATCH,
        )  # fmt: skip
        while batch := await grouped.to_list(BATCH):
            yield [_looked({**one["_id"], **one}) for one in batch]

    @answering
    async def people(self, keys: Collection[str]) -> Mapping[str, Resource]:
        """Give Patients."""
        found = self._db.records.find(
            {"key": {"$in": list(keys)}, "current": True}, {"key": 1, "body": 1}, hint="current"
        )
        return {one["key"]: orjson.loads(one["body"]) async for one in found}

    @answering
    async def staff(self, hsa_ids: Collection[str]) -> Mapping[str, Resource]:
        """Give Practitioners by HSA-id."""
        terms = [f"identifier={system}|{one}" for one in hsa_ids for system in HSA_ID_SYSTEMS]
        wanted = {"type": "Practitioner", "terms": {"$in": terms}, "current": True}
        rows = [
            orjson.loads(one["body"])
            async for one in self._db.records.find(wanted, {"body": 1}, hint="terms")
        ]
        return {hsa: row for row in rows if (hsa := hsa_id_of(row))}

    @answering
    async def staff_of(self, giver: str) -> Sequence[Resource]:
        """Give the Practitioners that the care giver has entered."""
        wanted = {"type": "Practitioner", "own.giver": giver, "current": True}
        return [
            orjson.loads(one["body"]) async for one in self._db.records.find(wanted, {"body": 1}, hint="type")
        ]

    @answering
    async def visited(self, looked: Looked, before: datetime, after: datetime) -> bool:
        """Look for an Encounter that the unit has written down."""
        span = {"param": "date", "lo": {"$lt": after}, "hi": {"$gt": before}}
        wanted = {
            "patient": looked.person, "type": "Encounter", "current": True, "own.unit": looked.unit,
            "dates": {"$elemMatch": span},
        }  # fmt: skip
        return await self._db.records.find_one(wanted, {"_id": 1}, hint="person") is not None

    @answering
    async def keep(self, sample: Sample) -> None:
        """Store a sample."""
        document = {name: getattr(sample, name) for name in FIELDS}
        entries = [{name: getattr(one, name) for name in LOOKED} for one in sample.entries]
        await self._db.samples.insert_one({"_id": sample.id, **document, "entries": entries, "decisions": []})

    @answering
    async def sample(self, number: str, giver: str) -> Sample | None:
        """Read one sample."""
        found = await self._db.samples.find_one({"_id": number, "giver": giver})
        return _sample(found) if found else None

    @answering
    async def samples(self, giver: str, most: int) -> Sequence[Sample]:
        """Read the newest samples."""
        found = self._db.samples.find({"giver": giver}).sort([("drawn", -1), ("_id", -1)]).limit(most)
        return [_sample(one) async for one in found]

    @answering
    async def decide(self, number: str, giver: str, decision: Decision) -> bool:
        """Add a decision."""
        row = {name: getattr(decision, name) for name in ("at", "by", "verdict", "note")}
        done = await self._db.samples.update_one(
            {"_id": number, "giver": giver}, {"$push": {"decisions": row}}
        )
        return done.matched_count == 1


FIELDS: Final = ("giver", "drawn", "by", "rule", "start", "end", "size", "population", "found")
LOOKED: Final = ("number", "at", "employee", "unit", "person", "times")


def _accesses(giver: str, span: Span) -> dict[str, Any]:
    """What staff of a care giver were let do with somebody's record; looking at the log itself is no such thing."""
    return {
        "giver": giver, "at": {"$gte": span[0], "$lt": span[1]}, "allowed": True, "type": {"$ne": "AuditEvent"},
        "person": {"$type": "string"}, "employee": {"$type": "string"},
    }  # fmt: skip


def _looked(one: Mapping[str, Any]) -> Looked:
    return Looked(str(one["number"]), one["at"], one["employee"], one["unit"], one["person"], one["times"])


def _sample(found: Mapping[str, Any]) -> Sample:
    return Sample(
        id=found["_id"],
        **{name: found[name] for name in FIELDS},
        entries=[Looked(**one) for one in found["entries"]],
        decisions=[Decision(**one) for one in found["decisions"]],
    )
