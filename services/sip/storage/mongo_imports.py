"""Imports: one document each, and one for each line that was refused."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument

from services.chassis.outcome import Told
from services.sip.storage.connection import Database
from services.sip.storage.store_answers import answering, store_answers
from services.sip.use_cases.import_ports import Counts, ImportProgress, Refused


class MongoImports:
    """Implements Imports."""

    def __init__(self, db: Database) -> None:
        """Take the database."""
        self._imports, self._refusals = db.imports, db.import_refusals

    @answering
    async def begin(self, unit: str, id: str, now: datetime) -> ImportProgress:
        """Give the import of this id, begun now where there is none."""
        new = {"begun": now, "lines": 0, "created": 0, "changed": 0, "unchanged": 0, "refused": 0}
        found = await self._imports.find_one_and_update(
            {"_id": _key(unit, id)},
            {"$setOnInsert": new, "$set": {"ended": False, "at": now}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return _progress(id, found)

    @answering
    async def progress(self, unit: str, id: str) -> ImportProgress | None:
        """Tell how far it came; None where there is none."""
        found = await self._imports.find_one({"_id": _key(unit, id)})
        return _progress(id, found) if found else None

    @answering
    async def advance(
        self, unit: str, id: str, lines: tuple[int, int], counts: Counts, refused: Sequence[Refused]
    ) -> None:
        """Put down refusals first: a line counts as dealt with when its refusal, if any, can be read."""
        key, (first, last) = _key(unit, id), lines
        await self._refusals.delete_many({"import": key, "line": {"$gte": first, "$lte": last}})
        if refused:
            at = (await self._imports.find_one({"_id": key}, {"at": 1}) or {}).get("at")
            await self._refusals.insert_many(
                [{"import": key, "line": one.line, "at": at, "told": [_written(t) for t in one.told]}
                 for one in refused]
            )  # fmt: skip
        more = {"created": counts.created, "changed": counts.changed}
        more |= {"unchanged": counts.unchanged, "refused": counts.refused}
        await self._imports.update_one(
            {"_id": key, "lines": {"$lt": last}}, {"$set": {"lines": last}, "$inc": more}
        )

    @answering
    async def end(self, unit: str, id: str) -> ImportProgress:
        """Note that there are no further lines, and tell how far it came."""
        ended = {"$set": {"ended": True}}
        found = await self._imports.find_one_and_update(
            {"_id": _key(unit, id)}, ended, return_document=ReturnDocument.AFTER
        )
        return _progress(id, found)

    async def refusals(self, unit: str, id: str, after: int) -> AsyncIterator[Refused]:
        """Stream what was refused, in the order of the lines."""
        wanted = {"import": _key(unit, id), "line": {"$gt": after}}
        with store_answers():
            async for one in self._refusals.find(wanted, batch_size=500).sort("line", 1):
                yield Refused(one["line"], [Told(**told) for told in one["told"]])


def _key(unit: str, id: str) -> str:
    return f"{unit}/{id}"


def _progress(id: str, found: dict[str, Any]) -> ImportProgress:
    counts = Counts(found["created"], found["changed"], found["unchanged"], found["refused"])
    return ImportProgress(id, found["begun"], found["lines"], counts, found["ended"])


def _written(told: Told) -> dict[str, Any]:
    written = {"code": told.code, "text": told.text, "expression": told.expression, "severity": told.severity}
    return written | {"rule": told.rule, "basis": told.basis}
