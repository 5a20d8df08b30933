"""The organisation's inbox: what a unit was told, and who of them has read it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument, UpdateOne

from services.notify.domain.delivery import Delivery
from services.notify.domain.errors import EntryNotFound
from services.notify.domain.inbox import InboxEntry, Receipt
from services.notify.domain.places import place
from services.notify.storage.database import Database
from services.notify.storage.documents import event_document, event_of
from services.notify.storage.grouped import Grouped
from services.notify.storage.pages import after_place
from services.notify.use_cases.ports import Page


class MongoInbox:
    """Implements Inbox: one document an entry, named as its delivery."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._inbox = database["inbox"]
        self._put = Grouped(self._put_all)

    async def put(self, delivery: Delivery) -> None:
        """Put an entry in, once; the database says when."""
        entry: dict[str, Any] = {
            "unit": delivery.owner.unit,
            "event": event_document(delivery.event),
            "seq": delivery.event.seq,
            "unread": True,
            "receipts": [],
        }
        merged = {"$mergeObjects": [{"$literal": entry}, {"at": "$$NOW"}, "$$ROOT"]}
        await self._put(UpdateOne({"_id": delivery.id}, [{"$replaceWith": merged}], upsert=True))

    async def _put_all(self, changes: Sequence[UpdateOne]) -> list[None]:
        await self._inbox.bulk_write(changes, ordered=False)
        return [None] * len(changes)

    async def of_unit(self, unit: str, page: Page, *, unread: bool) -> tuple[list[InboxEntry], str | None]:
        """List a unit's entries, latest first, and where the next page begins."""
        query = {"unit": unit, **({"unread": True} if unread else {}), **after_place(page.after, "at")}
        found = self._inbox.find(query, sort=[("at", -1), ("_id", -1)], limit=page.count + 1)
        entries = [_entry(document) for document in await found.to_list(None)]
        shown = entries[: page.count]
        return shown, place(shown[-1].arrived, shown[-1].id) if len(entries) > page.count else None

    async def since(self, unit: str, place: tuple[datetime, str], most: int) -> list[InboxEntry]:
        """List a unit's entries after a time and id, oldest first."""
        at, identity = place
        later = {"$or": [{"at": {"$gt": at}}, {"at": at, "_id": {"$gt": identity}}]}
        found = self._inbox.find({"unit": unit, **later}, sort=[("at", 1), ("_id", 1)], limit=most)
        return [_entry(document) for document in await found.to_list(None)]

    async def count_unread(self, unit: str, most: int) -> int:
        """Count what nobody of the unit has read, up to a most."""
        return await self._inbox.count_documents({"unit": unit, "unread": True}, limit=most)

    async def receive(self, entry: str, unit: str, reader: str, now: datetime) -> InboxEntry:
        """Note who has read an entry and when, once for each reader; raises EntryNotFound."""
        mine = {"_id": entry, "unit": unit}
        receipt = {"reader": reader, "at": now}
        read = await self._inbox.find_one_and_update(
            {**mine, "receipts.reader": {"$ne": reader}},
            {"$push": {"receipts": receipt}, "$set": {"unread": False}},
            return_document=ReturnDocument.AFTER,
        )
        found: dict[str, Any] | None = read or await self._inbox.find_one(mine)
        if found is None:
            raise EntryNotFound(f"There is no entry {entry} in the inbox of your unit.")
        return _entry(found)


def _entry(document: dict[str, Any]) -> InboxEntry:
    return InboxEntry(
        id=document["_id"],
        unit=document["unit"],
        event=event_of(document["event"], document["seq"]),
        arrived=document["at"],
        receipts=tuple(Receipt(one["reader"], one["at"]) for one in document["receipts"]),
    )
