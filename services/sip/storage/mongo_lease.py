"""A lease: one of several processes does the work, as long as the database's clock says; ours may be wrong."""

from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.sip.storage.connection import Database
from services.sip.storage.store_answers import store_answers


class MongoLease:
    """The lease of one name; a holder is a name that no other process has."""

    def __init__(self, db: Database, name: str) -> None:
        """Take the lease's name."""
        self._leases, self._name = db.leases, name

    async def take(self, holder: str, seconds: float) -> bool:
        """Take it if it is free, over, or ours already, in one step; a lease of another stays as it is."""
        me = {"$literal": holder}
        mine: dict[str, Any] = {"$or": [{"$eq": ["$holder", me]}, {"$lte": ["$until", "$$NOW"]}]}
        until = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": int(seconds * 1000)}}
        taken = {"holder": {"$cond": [mine, me, "$holder"]}, "until": {"$cond": [mine, until, "$until"]}}
        try:
            with store_answers():
                after = await self._leases.find_one_and_update(
                    {"_id": self._name}, [{"$set": taken}], upsert=True, return_document=ReturnDocument.AFTER
                )
        except DuplicateKeyError:
            return False  # another process made it first, at this moment
        return bool(after["holder"] == holder)

    async def give_back(self, holder: str) -> None:
        """Remove it if it is this holder's: the next one begins at once."""
        with store_answers():
            await self._leases.delete_one({"_id": self._name, "holder": {"$eq": holder}})
