"""Deliveries: one document for each event and target, from pending to its end."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError

from services.notify.domain.delivery import ANY_CLIENT, Attempt, Delivery, State
from services.notify.domain.errors import DeliveryNotDead, DeliveryNotFound
from services.notify.domain.places import place
from services.notify.domain.subscription import Owner
from services.notify.storage.database import DUPLICATE, Database
from services.notify.storage.documents import attempt_document, delivery_document, delivery_of
from services.notify.storage.grouped import Grouped
from services.notify.storage.pages import after_place
from services.notify.use_cases.ports import Page

PENDING = {"state": State.PENDING.value}
REVIVED = {"$set": {**PENDING, "attempts": []}, "$unset": {"ended": ""}}


class MongoDeliveries:
    """Implements Deliveries."""

    def __init__(self, database: Database, keep_for: timedelta) -> None:
        """Take the database, and how long a delivery is kept after its end."""
        self._deliveries = database["deliveries"]
        self._keep_for = keep_for
        self._change = Grouped(self._change_all)
        self._pending = Grouped(self._pending_of_all)

    async def add(self, rows: Sequence[Delivery]) -> None:
        """Store those that are not there yet: their ids are the same every time."""
        if not rows:
            return
        try:
            await self._deliveries.insert_many([delivery_document(row) for row in rows], ordered=False)
        except BulkWriteError as failure:
            errors = (failure.details or {}).get("writeErrors", [])
            if not errors or any(error["code"] != DUPLICATE for error in errors):
                raise

    async def pending(self, lane: str, most: int) -> list[Delivery]:
        """Read what waits in a lane, in order."""
        return await self._pending((lane, most))

    async def _pending_of_all(self, asked: Sequence[tuple[str, int]]) -> list[list[Delivery]]:
        """Read several lanes at once; if that is too much, one by one."""
        limit = max(most for _, most in asked) + 4 * len(asked)
        rows = await self._in_order({"$in": [lane for lane, _ in asked]}, limit)
        if len(rows) == limit:
            return [await self._in_order(lane, most) for lane, most in asked]
        found: dict[str, list[Delivery]] = {lane: [] for lane, _ in asked}
        for row in rows:
            found[row.lane].append(row)
        return [found[lane][:most] for lane, most in asked]

    async def _in_order(self, lane: str | dict[str, Any], most: int) -> list[Delivery]:
        order = [("lane", 1), ("seq", 1), ("arrived", 1)]
        found = await self._deliveries.find({"lane": lane, **PENDING}, sort=order, limit=most).to_list(None)
        return [delivery_of(document) for document in found]

    async def bind(self, rows: Sequence[Delivery]) -> list[Delivery]:
        """Name them after the first as those that go together; give them so named."""
        batch = rows[0].id
        ids = [row.id for row in rows]
        await self._deliveries.update_many({"_id": {"$in": ids}, **PENDING}, {"$set": {"batch": batch}})
        return [replace(row, batch=batch) for row in rows]

    async def attempted(self, delivery: str, attempt: Attempt) -> None:
        """Note an attempt that did not succeed."""
        change = {"$push": {"attempts": attempt_document(attempt)}}
        await self._change(UpdateOne({"_id": delivery, **PENDING}, change))

    async def end(self, delivery: str, state: State, attempt: Attempt | None, now: datetime) -> None:
        """End a pending delivery; one that has ended stays as it is."""
        change: dict[str, Any] = {"$set": {"state": state.value, "ended": now}}
        if state is not State.DEAD:
            change["$set"]["forget_at"] = now + self._keep_for
        if attempt:
            change["$push"] = {"attempts": attempt_document(attempt)}
        await self._change(UpdateOne({"_id": delivery, **PENDING}, change))

    async def _change_all(self, changes: Sequence[UpdateOne]) -> list[None]:
        await self._deliveries.bulk_write(changes, ordered=False)
        return [None] * len(changes)

    async def numbered(self, target: str, first: int, last: int, most: int) -> list[Delivery]:
        """Read a target's deliveries by number."""
        wanted = {"target": target, "number": {"$gte": first, "$lte": last}}
        found = self._deliveries.find(wanted, sort=[("number", 1)], limit=most)
        return [delivery_of(document) for document in await found.to_list(None)]

    async def of_owner(
        self, owner: Owner, wanted: Mapping[str, str], page: Page
    ) -> tuple[list[Delivery], str | None]:
        """List an owner's deliveries by `subscription` and `state`, latest first."""
        query: dict[str, Any] = _owned(owner)
        if "subscription" in wanted:
            query["target"] = f"Subscription/{wanted['subscription']}"
        if "state" in wanted:
            query["state"] = wanted["state"]
        query |= after_place(page.after, "arrived")
        found = self._deliveries.find(query, sort=[("arrived", -1), ("_id", -1)], limit=page.count + 1)
        rows = [delivery_of(document) for document in await found.to_list(None)]
        shown = rows[: page.count]
        return shown, place(shown[-1].arrived, shown[-1].id) if len(rows) > page.count else None

    async def revive(self, delivery: str, owner: Owner) -> Delivery:
        """Make a dead letter pending again, with all its attempts before it anew."""
        owned = {"_id": delivery, **_owned(owner)}
        revived = await self._deliveries.find_one_and_update(
            {**owned, "state": State.DEAD.value}, REVIVED, return_document=ReturnDocument.AFTER
        )
        if revived:
            return delivery_of(revived)
        if await self._deliveries.find_one(owned, {"_id": 1}):
            raise DeliveryNotDead("Only a delivery in the state dead can be sent again.")
        raise DeliveryNotFound(f"There is no delivery {delivery} of yours.")

    async def revive_all(
        self, owner: Owner, wanted: Mapping[str, Any], most: int
    ) -> tuple[list[Delivery], bool]:
        """Make dead letters pending again, oldest first; give them, and whether there are more."""
        query: dict[str, Any] = {**_owned(owner), "state": State.DEAD.value}
        if "subscription" in wanted:
            query["target"] = f"Subscription/{wanted['subscription']}"
        for field, least, most_of in (("number", "first", "last"), ("arrived", "since", "until")):
            bounds = {"$gte": wanted.get(least), "$lte": wanted.get(most_of)}
            if bounds := {name: value for name, value in bounds.items() if value is not None}:
                query[field] = bounds
        found = await self._deliveries.find(query, sort=[("arrived", 1), ("_id", 1)], limit=most + 1).to_list(
            None
        )
        rows = [delivery_of(document) for document in found[:most]]
        dead = {"_id": {"$in": [row.id for row in rows]}, "state": State.DEAD.value}
        await self._deliveries.update_many(dead, REVIVED)
        return rows, len(found) > most

    async def oldest_pending(self) -> datetime | None:
        """Give when the oldest pending delivery arrived."""
        found = await self._deliveries.find_one(PENDING, {"arrived": 1}, sort=[("arrived", 1)])
        return found["arrived"].astimezone(UTC) if found else None

    async def count_dead(self, most: int) -> int:
        """Count the dead letters, up to a most."""
        return await self._deliveries.count_documents({"state": State.DEAD.value}, limit=most)


def _owned(owner: Owner) -> dict[str, Any]:
    """What a client made, and what its unit is sent by the ways it has set."""
    return {"unit": owner.unit, "client": {"$in": [owner.client_id, ANY_CLIENT]}}
