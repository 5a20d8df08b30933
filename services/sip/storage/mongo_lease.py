"""A lease: one of several processes does the work, as long as the database's clock says; ours may be wrong."""

from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.sip.storage.connection import Database


class MongoLease:
    """The lease of one name, for one holder."""

    def __init__(self, db: Database, name: str, holder: str) -> None:
        """Take the lease's name, and a name for this process that no other has."""
        self._leases, self._name, self._holder = db.leases, name, holder

    async def take(self, seconds: float) -> bool:
        """Take it if it is free, over, or ours already, in one step; a lease of another stays as it is."""
        me = {"$literal": self._holder}
        mine: dict[str, Any] = {"$or": [{"$eq": ["$holder", me]}, {"$lte": ["$until", "$$NOW"]}]}
        until = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": int(seconds * 1000)}}
        taken = {"holder": {"$cond": [mine, me, "$holder"]}, "until": {"$cond": [mine, until, "$until"]}}
        try:
            after = await self._leases.find_one_and_update(
                {"_id": self._name}, [{"$set": taken}], upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:
            return False  # another process made it first, at this moment
        return bool(after["holder"] == self._holder)

    async def give_back(self) -> None:
        """Let the next one begin at once."""
        await self._leases.delete_one({"_id": self._name, "holder": {"$eq": self._holder}})
