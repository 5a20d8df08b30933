"""Numbers of a subscription's events: each delivery gets one, none is left out, none given twice."""

import asyncio
from weakref import WeakValueDictionary

from services.notify.storage.database import Database


class MongoNumbers:
    """Gives numbers without a transaction, so that a worker that dies holds nothing back.

    The subscription remembers which delivery got the latest number. Before the next one is given, that delivery's
    own document is made to say so; only then does the count move on, if it is still what was read. So at any
    moment at most one number stands in the subscription alone, and whoever comes next finds it there.
    """

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._held = database["subscriptions"]
        self._deliveries = database["deliveries"]
        self._one_by_one: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def number(self, subscription_id: str, delivery: str) -> int | None:
        """Give the delivery its number: the one it has, else the next; None without subscription or delivery."""
        lock = self._one_by_one.setdefault(subscription_id, asyncio.Lock())
        async with lock:  # spares this process conflicts with itself; others are met by comparing the count
            while True:
                held = await self._held.find_one(
                    {"_id": subscription_id, "deleted": False}, {"count": 1, "numbered": 1}
                )
                if held is None:
                    return None
                latest = held["numbered"]
                if latest:
                    await self._write(latest["delivery"], latest["number"])
                row = await self._deliveries.find_one({"_id": delivery}, {"number": 1})
                if row is None:
                    return None
                if "number" in row:
                    return int(row["number"])
                if given := await self._next(subscription_id, int(held["count"]), delivery):
                    await self._write(delivery, given)
                    return given

    async def _next(self, subscription_id: str, count: int, delivery: str) -> int | None:
        mark = {"count": count + 1, "numbered": {"delivery": delivery, "number": count + 1}}
        done = await self._held.update_one({"_id": subscription_id, "count": count}, {"$set": mark})
        return count + 1 if done.matched_count else None

    async def _write(self, delivery: str, number: int) -> None:
        unnumbered = {"_id": delivery, "number": {"$exists": False}}
        await self._deliveries.update_one(unnumbered, {"$set": {"number": number}})
