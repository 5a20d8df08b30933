"""Numbers of a subscription's events: each delivery gets one, none is left out, none given twice."""

import asyncio
from collections.abc import Sequence
from typing import Any

from pymongo import UpdateOne

from services.notify.storage.database import Database
from services.notify.storage.grouped import Grouped

Asked = tuple[str, str]


class MongoNumbers:
    """Gives numbers without a transaction, so that a worker that dies holds nothing back.

    The subscription remembers which deliveries got the latest numbers. Before the next are given, those
    deliveries' own documents are made to say so; only then does the count move on, if it is still what was
    read. So numbers that stand in the subscription alone are always its latest, and whoever comes next finds
    them there.
    """

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._held = database["subscriptions"]
        self._deliveries = database["deliveries"]
        self._number = Grouped(self._number_all)
        self._written: dict[str, int] = {}  # counts up to which this process has seen to the deliveries

    async def number(self, subscription_id: str, delivery: str) -> int | None:
        """Give the delivery its number: the one it has, else the next; None without subscription or delivery."""
        return await self._number((subscription_id, delivery))

    async def _number_all(self, asked: Sequence[Asked]) -> list[int | None]:
        by_subscription: dict[str, list[str]] = {}
        for subscription_id, delivery in asked:
            by_subscription.setdefault(subscription_id, []).append(delivery)
        given = await asyncio.gather(*(self._numbered(*both) for both in by_subscription.items()))
        numbers = dict(zip(by_subscription, given, strict=True))
        return [numbers[subscription_id].get(delivery) for subscription_id, delivery in asked]

    async def _numbered(self, subscription_id: str, deliveries: Sequence[str]) -> dict[str, int]:
        """Number these deliveries of one subscription; those that are not there are left out."""
        while True:
            held = await self._held.find_one(
                {"_id": subscription_id, "deleted": False}, {"count": 1, "numbered": 1}
            )
            if held is None:
                return {}
            count = int(held["count"])
            if count != self._written.get(subscription_id):
                await self._write(subscription_id, count, held["numbered"])
            rows = await self._deliveries.find({"_id": {"$in": list(deliveries)}}, {"number": 1}).to_list(
                None
            )
            without = [row["_id"] for row in rows if "number" not in row]
            new = {one: count + place for place, one in enumerate(_as_asked(deliveries, without), start=1)}
            if not new or await self._next(subscription_id, count, new):
                return new | {row["_id"]: int(row["number"]) for row in rows if "number" in row}

    async def _next(self, subscription_id: str, count: int, given: dict[str, int]) -> bool:
        """Move the count on, and write the numbers; false if somebody else has moved it."""
        if not await self._move(subscription_id, count, given):
            return False
        await self._write(subscription_id, count + len(given), given)
        return True

    async def _move(self, subscription_id: str, count: int, given: dict[str, int]) -> bool:
        mark = {"count": count + len(given), "numbered": given}
        done = await self._held.update_one({"_id": subscription_id, "count": count}, {"$set": mark})
        return done.matched_count == 1

    async def _write(self, subscription_id: str, count: int, given: dict[str, int] | None) -> None:
        """Make the deliveries say their numbers, if they do not yet."""
        changes: list[Any] = [
            UpdateOne({"_id": delivery, "number": {"$exists": False}}, {"$set": {"number": number}})
            for delivery, number in (given or {}).items()
        ]
        if changes:
            await self._deliveries.bulk_write(changes, ordered=False)
        self._written[subscription_id] = count


def _as_asked(deliveries: Sequence[str], some: Sequence[str]) -> list[str]:
    """Put some of the deliveries into the order in which they were asked for."""
    wanted = set(some)
    return [one for one in dict.fromkeys(deliveries) if one in wanted]
