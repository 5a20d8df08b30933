"""Subscriptions: what an owner does not own does not exist."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from services.notify.domain.errors import SubscriptionDeleted, SubscriptionNotFound
from services.notify.domain.record_event import RecordEvent
from services.notify.domain.subscription import Owner, Status, Subscription
from services.notify.domain.topics import carriers_of
from services.notify.storage.database import Database
from services.notify.storage.documents import ANYBODY, subscription_document, subscription_of
from services.notify.storage.grouped import Grouped
from services.notify.use_cases.ports import Page

FIELDS: Final = {"url": "endpoint", "status": "status", "_id": "_id"}
GONE: Final = {"deleted": True}
THERE: Final = {"deleted": False}


class MongoSubscriptions:
    """Implements Subscriptions, but for the numbers (MongoNumbers)."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._held = database["subscriptions"]
        self._known = Grouped(self._all_known)

    async def add(self, held: Subscription) -> None:
        """Store a new one."""
        fresh = {
            "_id": held.id,
            **subscription_document(held),
            "count": held.count,
            "numbered": None,
            **THERE,
        }
        await self._held.insert_one(fresh)

    async def of_owner(self, subscription_id: str, owner: Owner) -> Subscription:
        """Read one; raises SubscriptionNotFound or SubscriptionDeleted."""
        found = await self._held.find_one(
            {"_id": subscription_id, "unit": owner.unit, "client": owner.client_id}
        )
        if found is None:
            raise SubscriptionNotFound(f"There is no Subscription/{subscription_id} of yours.")
        if found["deleted"]:
            raise SubscriptionDeleted(f"Subscription/{subscription_id} was deleted.")
        return subscription_of(found)

    async def known(self, subscription_id: str) -> Subscription | None:
        """Read one for sending; None when it was deleted."""
        return await self._known(subscription_id)

    async def _all_known(self, asked: Sequence[str]) -> list[Subscription | None]:
        found = self._held.find({"_id": {"$in": list(set(asked))}, **THERE}, {"numbered": 0})
        held = {document["_id"]: subscription_of(document) for document in await found.to_list(None)}
        return [held.get(one) for one in asked]

    async def search(
        self, owner: Owner, wanted: Mapping[str, Collection[str]], page: Page
    ) -> tuple[list[Subscription], str | None]:
        """List the owner's by `url`, `status` and `_id`, and where the next page begins."""
        clauses: list[dict[str, Any]] = [
            {FIELDS[name]: {"$in": list(values)}} for name, values in wanted.items()
        ]
        if page.after is not None:
            clauses.append({"_id": {"$gt": page.after}})
        query = {
            "unit": owner.unit,
            "client": owner.client_id,
            **THERE,
            **({"$and": clauses} if clauses else {}),
        }
        found = await self._held.find(query, sort=[("_id", 1)], limit=page.count + 1).to_list(None)
        shown = [subscription_of(document) for document in found[: page.count]]
        return shown, shown[-1].id if shown and len(found) > page.count else None

    async def count(self, owner: Owner, most: int) -> int:
        """Count the owner's, up to a most."""
        owned = {"unit": owner.unit, "client": owner.client_id, **THERE}
        return await self._held.count_documents(owned, limit=most)

    async def replace(self, held: Subscription, *, version: int) -> bool:
        """Store a new version if the current one is still this; the numbers go on undisturbed."""
        same = {"_id": held.id, "version": version, **THERE}
        done = await self._held.update_one(same, {"$set": subscription_document(held)})
        return done.matched_count == 1

    async def delete(self, held: Subscription) -> bool:
        """Leave only that it was there and whose it was, if the version is still this."""
        stone = {"unit": held.owner.unit, "client": held.owner.client_id, "version": held.version + 1, **GONE}
        done = await self._held.replace_one({"_id": held.id, "version": held.version, **THERE}, stone)
        return done.matched_count == 1

    async def become(
        self,
        subscription_id: str,
        status: Status,
        *,
        was: Collection[Status],
        error: str | None,
        now: datetime,
    ) -> bool:
        """Change the status, if it is one of these, as a new version."""
        change: dict[str, Any] = {"status": status.value, "error": error, "updated": now}
        if status is not Status.ERROR:
            change["live"] = status is Status.ACTIVE
        done = await self._held.update_one(
            {"_id": subscription_id, "status": {"$in": [one.value for one in was]}, **THERE},
            {"$set": change, "$inc": {"version": 1}},
        )
        return done.matched_count == 1

    async def wanting(self, batch: Sequence[RecordEvent]) -> list[Subscription]:
        """Read those that may want any of these events: live, of a unit among the parties, for the person."""
        asked: dict[tuple[str, str], set[str]] = {}
        for event in batch:
            persons = {ANYBODY, *([event.person] if event.person else [])}
            for carrier in carriers_of(event):
                for unit in event.parties:
                    asked.setdefault((unit, carrier), set()).update(persons)
        if not asked:
            return []
        each = [
            {"unit": unit, "topic": topic, "persons": {"$in": sorted(persons)}}
            for (unit, topic), persons in asked.items()
        ]
        found = self._held.find({"$or": each, "live": True, **THERE})
        return [subscription_of(document) for document in await found.to_list(None)]

    async def awaiting_handshake(self) -> list[Subscription]:
        """Read those that are still only requested."""
        found = self._held.find({"status": Status.REQUESTED.value, **THERE}, limit=1000)
        return [subscription_of(document) for document in await found.to_list(None)]

    async def active_at(self, endpoint: str) -> list[Subscription]:
        """Read every active subscription to an endpoint."""
        found = self._held.find({"status": Status.ACTIVE.value, "endpoint": endpoint, **THERE})
        return [subscription_of(document) for document in await found.to_list(None)]

    async def told(self, subscription_id: str, now: datetime) -> None:
        """Note that something was taken, so that the next heartbeat is due a period later."""
        await self._held.update_one({"_id": subscription_id, **THERE}, {"$set": {"told_at": now}})

    async def with_heartbeat(self) -> list[Subscription]:
        """Read those that are active and want heartbeats."""
        found = self._held.find({"status": Status.ACTIVE.value, "heartbeat": {"$gt": 0}, **THERE})
        return [subscription_of(document) for document in await found.to_list(None)]

    async def expire(self, now: datetime) -> int:
        """Switch off those whose end has passed; give how many."""
        alive = [Status.REQUESTED.value, Status.ACTIVE.value, Status.ERROR.value]
        change = {"status": Status.OFF.value, "live": False, "updated": now}
        done = await self._held.update_many(
            {"status": {"$in": alive}, "end": {"$ne": None, "$lte": now}, **THERE},
            {"$set": change, "$inc": {"version": 1}},
        )
        return done.modified_count
