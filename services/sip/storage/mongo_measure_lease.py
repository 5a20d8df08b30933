"""The lease on computing figures, kept by the database's clock: ours may be wrong."""

from typing import Final

from pymongo import ReturnDocument

from services.sip.storage.connection import Database
from services.sip.storage.mongo_measure_errors import store_answers

NAME: Final = "measures"


class MongoMeasureLease:
    """Implements Lease."""

    def __init__(self, db: Database) -> None:
        self._leases = db.leases

    async def take(self, holder: str, seconds: float) -> bool:
        """Take it if it is free, over, or ours already, in one step; a lease of another stays as it is."""
        me = {"$literal": holder}
        mine = {"$or": [{"$eq": ["$holder", me]}, {"$lte": ["$until", "$$NOW"]}]}
        until = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": int(seconds * 1000)}}
        with store_answers():
            after = await self._leases.find_one_and_update(
                {"_id": NAME},
                [
                    {
                        "$set": {
                            "holder": {"$cond": [mine, me, "$holder"]},
                            "until": {"$cond": [mine, until, "$until"]},
                        }
                    }
                ],
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        return bool(after["holder"] == holder)

    async def give_back(self, holder: str) -> None:
        """Remove it if it is this holder's."""
        with store_answers():
            await self._leases.delete_one({"_id": NAME, "holder": {"$eq": holder}})
