"""What was published at the end of each month: the last of its month is kept for good, for reports of the year."""

from datetime import datetime
from typing import Final

from bson.binary import Binary

from services.sip.storage.connection import Database
from services.sip.storage.store_answers import store_answers

PREFIX: Final = "published/"


class MongoPublishedMonths:
    """Implements PublishedMonths."""

    def __init__(self, db: Database) -> None:
        """Take the database."""
        self._months = db.measures

    async def keep(self, month: str, published: bytes, at: datetime) -> None:
        """Keep the states of a month (`2026-11`) over those that were kept before."""
        document = {"_id": PREFIX + month, "published": Binary(published), "computed": at}
        with store_answers():
            await self._months.replace_one({"_id": document["_id"]}, document, upsert=True)

    async def of_year(self, year: int) -> dict[str, bytes]:
        """Give the states of each month that is known, in order of time."""
        wanted = {"_id": {"$gte": f"{PREFIX}{year}-01", "$lte": f"{PREFIX}{year}-12"}}
        with store_answers():
            found = await self._months.find(wanted, {"published": 1}).sort("_id", 1).to_list(12)
        return {one["_id"].removeprefix(PREFIX): bytes(one["published"]) for one in found}

    async def first(self) -> tuple[str, bytes] | None:
        """Give the earliest month that is known."""
        wanted = {"_id": {"$gte": PREFIX, "$lt": PREFIX + "~"}}
        with store_answers():
            found = await self._months.find(wanted, {"published": 1}).sort("_id", 1).to_list(1)
        return (found[0]["_id"].removeprefix(PREFIX), bytes(found[0]["published"])) if found else None
