"""The events taken so far: what makes taking the same one twice have one effect."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pymongo.errors import BulkWriteError

from services.notify.domain.record_event import RecordEvent
from services.notify.storage.database import DUPLICATE, Database
from services.notify.storage.documents import event_document


class MongoEvents:
    """Implements Events: one document an event, its key as `_id`."""

    def __init__(self, database: Database, keep_for: timedelta) -> None:
        """Take the database, and how long an event is remembered."""
        self._events = database["events"]
        self._keep_for = keep_for

    async def keep(self, batch: Sequence[RecordEvent], now: datetime) -> list[RecordEvent]:
        """Store them durably; give those whose deliveries have not all been written, new or interrupted."""
        by_key = {event.key: event for event in reversed(batch)}
        known = await self._insert(list(by_key.values()), now)
        if known:
            cursor = self._events.find({"_id": {"$in": known}, "addressed": True}, {"_id": 1})
            for document in await cursor.to_list(None):
                del by_key[document["_id"]]
        return [event for event in batch if by_key.pop(event.key, None) is not None]

    async def _insert(self, batch: Sequence[RecordEvent], now: datetime) -> list[str]:
        """Insert, and give the keys that were there already."""
        documents = [
            {
                "_id": event.key,
                "event": event_document(event),
                "seq": event.seq,
                "parties": list(event.parties),
                "addressed": False,
                "forget_at": now + self._keep_for,
            }
            for event in batch
        ]
        try:
            await self._events.insert_many(documents, ordered=False)
        except BulkWriteError as failure:
            errors = (failure.details or {}).get("writeErrors", [])
            if not errors or any(error["code"] != DUPLICATE for error in errors):
                raise
            return [documents[error["index"]]["_id"] for error in errors]
        return []

    async def mark_addressed(self, batch: Sequence[RecordEvent]) -> None:
        """Note that all their deliveries are written."""
        keys = [event.key for event in batch]
        await self._events.update_many({"_id": {"$in": keys}}, {"$set": {"addressed": True}})
