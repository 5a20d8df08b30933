"""The directory's doctors: who works at each unit, and how much of full time."""

from collections.abc import Mapping
from datetime import datetime

import orjson

from services.sip.domain.continuity.doctors_of_unit import doctors_by_unit
from services.sip.domain.continuity.list_simulation import Doctors
from services.sip.storage.connection import Database
from services.sip.storage.store_answers import store_answers

BATCH = 500


class MongoDoctors:
    """Implements DoctorsDirectory."""

    def __init__(self, db: Database) -> None:
        """Take the database."""
        self._db = db

    async def by_unit(self, now: datetime) -> Mapping[str, Doctors]:
        """Read every assignment as it now is: some ten thousands of small documents in a county."""
        wanted = {"type": "PractitionerRole", "current": True, "deleted": {"$ne": True}}
        with store_answers():
            found = self._db.records.find(wanted, {"_id": 0, "body": 1}, hint="type", batch_size=BATCH)
            roles = [orjson.loads(one["body"]) async for one in found]
        return doctors_by_unit(roles, now)
