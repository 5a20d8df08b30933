"""Alarms: when time alone makes something of a stored version worth telling, and what was told so."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from services.sip.domain.held import Resource
from services.sip.storage.connection import Database
from services.sip.storage.documents import HELD, held
from services.sip.storage.store_answers import store_answers
from services.sip.use_cases.tell_the_time import Noticed, Ringing

DUPLICATE = 11000


class MongoAlarms:
    """Implements Alarms: `alarm` on the newest version, and `moments`, an outbox beside that of the versions."""

    def __init__(self, db: Database) -> None:
        """Take the database."""
        self._db = db

    async def ringing(self, now: datetime, count: int) -> Sequence[Ringing]:
        """Give resources whose moment has come, the earliest first."""
        with store_answers():
            found = self._db.records.find({"alarm": {"$lte": now}}, {**HELD, "alarm": 1}, hint="alarm")
            documents = await found.sort("alarm", 1).limit(count).to_list(None)
        return [Ringing(held(document), document["alarm"]) for document in documents]

    async def communications(self, persons: Sequence[str]) -> Mapping[str, Sequence[Resource]]:
        """Give what was sent about these persons."""
        sent: dict[str, list[Resource]] = {}
        if not persons:
            return sent
        with store_answers():
            found = self._db.records.find(
                {"patient": {"$in": list(persons)}, "type": "Communication", "current": True},
                {"patient": 1, "body": 1},
                hint="person",
            )
            for document in await found.to_list(None):
                sent.setdefault(document["patient"], []).append(orjson.loads(document["body"]))
        return sent

    async def tell(self, events: Sequence[Noticed], now: datetime) -> int:
        """Put events into the outbox that are not there yet, each at the place its person has come to."""
        if not events:
            return 0
        with store_answers():
            persons = [one.held.patient for one in events]
            found = await self._db.persons.find({"_id": {"$in": persons}}, {"seq": 1}).to_list(None)
            places = {document["_id"]: document["seq"] for document in found}
            documents = [_document(one, places.get(one.held.patient, 0), now) for one in events]
            try:
                done = await self._db.moments.insert_many(documents, ordered=False)
                return len(done.inserted_ids)
            except BulkWriteError as failure:
                errors = (failure.details or {}).get("writeErrors", [])
                if not errors or any(error["code"] != DUPLICATE for error in errors):
                    raise
                return len(documents) - len(errors)

    async def wind(self, rung: Sequence[tuple[Ringing, datetime | None]]) -> None:
        """Set each to its next moment, or none, if it is still the version that was looked at."""
        changes = [
            UpdateOne(
                {"_id": f"{one.held.key}/{one.held.version}", "alarm": one.alarm},
                {"$set": {"alarm": following}} if following else {"$unset": {"alarm": ""}},
            )
            for one, following in rung
        ]
        with store_answers():
            await self._db.records.bulk_write(changes, ordered=False)


def _document(one: Noticed, seq: int, now: datetime) -> dict[str, Any]:
    return {
        "_id": one.id,
        "key": one.held.key,
        "version": one.held.version,
        "at": now,
        "seq": seq,
        "patient": one.held.patient,
        "events": [{"type": one.type, "parties": list(one.parties)}],
        "unsent": True,
    }
