"""Bulk handovers: one document each, and one for each contact to be moved."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from pymongo import UpdateOne
from pymongo.errors import PyMongoError

from services.chassis.principal import Principal
from services.sip.storage.connection import Database
from services.sip.storage.store_answers import answering
from services.sip.use_cases.handover_ports import HandoverJob, HandoverProgress, Move, Refusal

UNFINISHED: Final = {"ended": None, "ready": True}
_CALLER: Final = tuple(one.name for one in fields(Principal) if one.name != "claims")


class MongoHandovers:
    """Implements Handovers."""

    def __init__(self, db: Database) -> None:
        """Take the database."""
        self._jobs, self._moves = db.handovers, db.handover_moves

    @answering
    async def begin(self, job: HandoverJob, moves: Sequence[Move]) -> HandoverJob:
        """Store the job, then its moves; it is begun when all are there. Another request's job is given as it is."""
        await self._jobs.update_one({"_id": job.id}, {"$setOnInsert": _job_document(job)}, upsert=True)
        found = await self._jobs.find_one({"_id": job.id}) or {}
        if found["fingerprint"] == job.fingerprint and not found["ready"]:
            if moves:
                await self._moves.bulk_write(
                    [
                        UpdateOne(
                            {"_id": f"{job.id}/{one.contact}"},
                            {"$setOnInsert": {"job": job.id, "state": "waiting", **_move_document(one)}},
                            upsert=True,
                        )
                        for one in moves
                    ],
                    ordered=False,
                )
            await self._jobs.update_one({"_id": job.id}, {"$set": {"ready": True}})
        return _job(found)

    @answering
    async def progress(self, id: str, refusals: int) -> HandoverProgress | None:
        """Tell how far it has come."""
        found = await self._jobs.find_one({"_id": id})
        if found is None:
            return None
        groups = self._moves.aggregate(
            [{"$match": {"job": id}}, {"$group": {"_id": "$state", "number": {"$sum": 1}}}]
        )
        numbers = {one["_id"]: one["number"] async for one in groups}
        refused = self._moves.find({"job": id, "state": "refused"}).sort("_id", 1).limit(refusals)
        return HandoverProgress(
            _job(found),
            sum(numbers.values()),
            numbers.get("moved", 0),
            numbers.get("refused", 0),
            found.get("ended"),
            [Refusal(one["contact"], one["person"], one["rule"], one["text"]) async for one in refused],
        )

    @answering
    async def unfinished(self) -> Sequence[HandoverJob]:
        """Give the jobs that have not ended, the oldest first."""
        found = self._jobs.find(UNFINISHED).sort([("asked_at", 1), ("_id", 1)])
        return [_job(one) async for one in found]

    @answering
    async def waiting(self, id: str, count: int) -> Sequence[Move]:
        """Give moves that are not done yet."""
        found = self._moves.find({"job": id, "state": "waiting"}).sort("_id", 1).limit(count)
        return [Move(one["contact"], one["person"], one["role"], one["unit"]) async for one in found]

    @answering
    async def note(self, id: str, moved: Sequence[Move], refused: Sequence[Refusal]) -> None:
        """Note what was done; what was noted before stays."""
        changes = [self._noted(id, one.contact, {"state": "moved"}) for one in moved]
        changes += [
            self._noted(id, one.contact, {"state": "refused", "rule": one.rule, "text": one.text})
            for one in refused
        ]
        if changes:
            await self._moves.bulk_write(changes, ordered=False)

    @staticmethod
    def _noted(id: str, contact: str, what: dict[str, str]) -> UpdateOne:
        return UpdateOne({"_id": f"{id}/{contact}", "state": "waiting"}, {"$set": what})

    @answering
    async def end(self, id: str, at: datetime) -> None:
        """Note that nothing waits any more."""
        await self._jobs.update_one({"_id": id, "ended": None}, {"$set": {"ended": at}})

    async def changed(self, within: float) -> None:
        """Wake at the next job; `within` seconds are the net beneath."""
        pipeline: list[dict[str, Any]] = [{"$match": {"operationType": "update"}}, {"$project": {"_id": 1}}]
        with contextlib.suppress(TimeoutError, PyMongoError):
            async with asyncio.timeout(within):
                async with self._jobs.watch(pipeline, max_await_time_ms=1000) as stream:
                    # What came between the last look and the stream's start would be missed: look once more.
                    if await self._jobs.find_one(UNFINISHED, {"_id": 1}) is None:
                        await stream.next()


def _move_document(move: Move) -> dict[str, str]:
    return {"contact": move.contact, "person": move.person, "role": move.role, "unit": move.unit}


def _job_document(job: HandoverJob) -> dict[str, Any]:
    plain = {one.name: getattr(job, one.name) for one in fields(job) if one.name not in {"id", "caller"}}
    caller = {name: getattr(job.caller, name) for name in _CALLER}
    return {**plain, "passed_on": list(job.passed_on), "caller": caller, "ended": None, "ready": False}


def _job(found: dict[str, Any]) -> HandoverJob:
    plain: dict[str, Any] = {
        one.name: found.get(one.name) for one in fields(HandoverJob) if one.name not in {"id", "caller"}
    }
    caller = Principal(**{**found["caller"], "scopes": tuple(found["caller"]["scopes"])})
    return HandoverJob(id=found["_id"], caller=caller, **plain)
