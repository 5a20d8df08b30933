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
from services.sip.domain.search_query import Cursor, SearchQuery
from services.sip.storage.access_filter import NEVER, access_filter
from services.sip.storage.connection import Database
from services.sip.storage.documents import access_document
from services.sip.storage.record_search import SEARCH_MS, in_time
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
        row = await self._db.access.find_one({"$and": [{"_id": ObjectId(number)}, *part_of_log(whose)]})
        return _as_stored(row) if row else None

    async def search(self, query: SearchQuery, whose: LogReader) -> Page:
        """Find rows of the part that may be seen, newest first unless asked otherwise, as AuditEvents."""
        wanted = part_of_log(whose) + [access_filter(one) for one in query.conditions]
        if query.patient:
            wanted.append({"person": {"$in": list(query.patient)}})
        way = -1 if query.sort[0].descending else 1
        rest = [*wanted, _after(query.after, way)] if query.after else wanted
        async with in_time():
            found = self._db.access.find({"$and": rest}, max_time_ms=SEARCH_MS).sort(
                [("at", way), ("_id", way)]
            )
            rows = await found.limit(query.count + 1).to_list(query.count + 1) if query.count else []
            hits, more = [_as_stored(row) for row in rows[: query.count]], len(rows) > query.count
            total = None if more or query.after or not query.count else len(hits)
            if query.counted and total is None:
                total = await self._db.access.count_documents({"$and": wanted}, maxTimeMS=SEARCH_MS)
        return Page(hits, Cursor(hits[-1].at, (hits[-1].at,), hits[-1].key) if more else None, total)


def _after(cursor: Cursor, way: int) -> dict[str, Any]:
    """Give what lies beyond the cursor; rows are never changed, so none can be met twice."""
    number = cursor.key.partition("/")[2]
    if not ObjectId.is_valid(number):
        return NEVER  # a page token that we never gave
    side, at = "$lt" if way < 0 else "$gt", cursor.keys[0]
    return {"$or": [{"at": {side: at}}, {"at": at, "_id": {side: ObjectId(number)}}]}


def part_of_log(whose: LogReader) -> list[dict[str, Any]]:
    """Give the filter for the part of the log that a reader may see; at least one, never none."""
    if whose.person:
        return [{"person": whose.person}]
    if whose.told:
        return [{"told": whose.told}]
    return [{"$or": [{"giver": whose.giver}, {"told": whose.giver}]}]


def _as_stored(row: dict[str, Any]) -> Stored:
    number = str(row["_id"])
    body = orjson.dumps(audit_event(number, row))
    return Stored(f"AuditEvent/{number}", 1, row["at"], body, row.get("person"))
