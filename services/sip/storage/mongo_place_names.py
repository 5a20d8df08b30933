"""What the directory calls counties, municipalities and units."""

from typing import Any

import orjson

from services.sip.storage.connection import Database
from services.sip.storage.store_answers import store_answers


class MongoPlaceNames:
    """Implements PlaceNames."""

    def __init__(self, db: Database) -> None:
        """Take the database."""
        self._records = db.records

    async def organizations(self) -> list[dict[str, Any]]:
        """Read every Organization as it now is: some thousands in a county."""
        wanted = {"type": "Organization", "current": True, "deleted": {"$ne": True}}
        with store_answers():
            found = self._records.find(wanted, {"_id": 0, "body": 1}, hint="type")
            return [orjson.loads(one["body"]) async for one in found]
