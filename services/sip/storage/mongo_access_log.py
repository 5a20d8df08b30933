"""The access log: rows that wait share one durable insert, and each request goes on when its own is safe."""

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson
from bson import ObjectId
from pymongo.errors import PyMongoError

from services.chassis.outcome import Told
from services.sip.domain.audit_event import audit_event
from services.sip.domain.errors import StoreBusy
from services.sip.domain.search_query import DateCondition, SearchQuery, TermCondition
from services.sip.storage.connection import Database
from services.sip.storage.documents import access_document
from services.sip.storage.store_answers import answering
from services.sip.use_cases.log_reader import LogReader
from services.sip.use_cases.ports import Access, Page, Stored

Waiting = tuple[list[dict[str, Any]], asyncio.Future[None]]


class MongoAccessLog:
    """Implements AccessLog."""

    def __init__(self, db: Database) -> None:
        """Take the database."""
        self._db = db
        self._waiting: list[Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    async def record(self, accesses: Sequence[Access]) -> None:
        """Return when the rows are on disk at a majority; raises StoreBusy when they are not."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(([access_document(one) for one in accesses], done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        """Write whatever waits, until nothing does; while one insert is under way the next group gathers."""
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                await self._db.access.insert_many([row for rows, _ in group for row in rows], ordered=False)
            except PyMongoError as failed:
                busy = StoreBusy(Told("transient", "The access record could not be written; try again."))
                busy.__cause__ = failed
                for _, done in group:
                    if not done.done():
                        done.set_exception(busy)
            else:
                for _, done in group:
                    if not done.done():
                        done.set_result(None)

    @answering
    async def entry(self, number: str, whose: LogReader) -> Stored | None:
        """Read one row of the part that may be seen."""
        if not ObjectId.is_valid(number):
            return None
        row = await self._db.access.find_one({"$and": [{"_id": ObjectId(number)}, *_part(whose)]})
        return _as_stored(row) if row else None

    @answering
    async def search(self, query: SearchQuery, whose: LogReader) -> Page:
        """Find rows of the part that may be seen, newest first, as AuditEvents."""
        wanted = _part(whose)
        wanted += [_condition(one) for one in query.conditions]
        if query.patient:
            wanted.append({"person": {"$in": list(query.patient)}})
        if query.after is not None:
            at, number = query.after[0], query.after[1].partition("/")[2]
            if not ObjectId.is_valid(number):
                return Page([], None)  # a page token that we never gave
            wanted.append({"$or": [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": ObjectId(number)}}]})
        cursor = self._db.access.find({"$and": wanted}).sort([("at", -1), ("_id", -1)]).limit(query.count + 1)
        rows = await cursor.to_list(query.count + 1)
        hits = [_as_stored(row) for row in rows[: query.count]]
        more = len(rows) > query.count
        return Page(hits, (hits[-1].at, hits[-1].key) if more else None)


def _part(whose: LogReader) -> list[dict[str, Any]]:
    """Give the filter for the part of the log that a reader may see; at least one, never none."""
    return [{"person": whose.person}] if whose.person else [{"giver": whose.giver}]


def _as_stored(row: dict[str, Any]) -> Stored:
    number = str(row["_id"])
    body = orjson.dumps(audit_event(number, row))
    return Stored(f"AuditEvent/{number}", 1, row["at"], body, row.get("person"))


def _condition(condition: object) -> dict[str, Any]:
    match condition:
        case TermCondition("action", terms):
            return {"action": {"$in": [one.rpartition("=")[2] for one in terms]}}
        case TermCondition("patient", terms):
            return {"person": {"$in": [one.partition(">")[2] for one in terms]}}
        case TermCondition("outcome", terms):
            return {"allowed": {"$in": [one.endswith("=0") for one in terms]}}
        case DateCondition(_, comparisons):
            return {"$or": [_dated(*one) for one in comparisons]}
    return {"_id": None}


def _dated(prefix: str, low: Any, high: Any) -> dict[str, Any]:
    match prefix:
        case "eq":
            return {"at": {"$gte": low, "$lt": high}}
        case "gt" | "sa":
            return {"at": {"$gte": high}}
        case "lt" | "eb":
            return {"at": {"$lt": low}}
        case "ge":
            return {"at": {"$gte": low}}
        case "ne":
            return {"$or": [{"at": {"$lt": low}}, {"at": {"$gte": high}}]}
        case _:
            return {"at": {"$lt": high}}
