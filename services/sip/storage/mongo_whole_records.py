"""Whole records, some persons at a time, each group as it stood at one moment of the store."""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorClientSession

from services.sip.domain.held import Held
from services.sip.domain.references import keys_referred_to
from services.sip.domain.resource_types import TYPES, Kind
from services.sip.storage.connection import Client, Database
from services.sip.storage.documents import HELD, held, openings_in
from services.sip.use_cases.verify_readers import WholeRecord

GROUP: Final = 100
"""Persons to a snapshot: MongoDB keeps a moment readable for minutes, so one for a whole county would expire."""


class MongoWholeRecords:
    """Implements WholeRecords."""

    def __init__(self, client: Client, db: Database) -> None:
        """Take the client, for its snapshot sessions, and the database."""
        self._client, self._db = client, db
        self._directory: dict[str, Held] = {}

    async def all(self) -> AsyncIterator[WholeRecord]:
        """Give every person's record, in the order of their ids."""
        last = ""
        while True:
            async with await self._client.start_session(snapshot=True) as session:
                found = self._db.persons.find(
                    {"_id": {"$gt": last}}, {"units": 1, "emergencies": 1}, session=session
                )
                guards = await found.sort("_id", 1).limit(GROUP).to_list(GROUP)
                if not guards:
                    return
                records = await self._records([guard["_id"] for guard in guards], session)
                speaking = [one for record in records.values() for one in record.values()]
                self._directory = await complete_directory(self._db, speaking, self._directory, session)
            for guard in guards:
                yield WholeRecord(
                    guard["_id"],
                    guard["units"],
                    records.get(guard["_id"], {}),
                    self._directory,
                    openings_in(guard),
                )
            last = guards[-1]["_id"]

    async def _records(
        self, persons: list[str], session: AsyncIOMotorClientSession
    ) -> dict[str, dict[str, Held]]:
        wanted: dict[str, Any] = {"patient": {"$in": persons}, "current": True}
        records: dict[str, dict[str, Held]] = {}
        async for document in self._db.records.find(wanted, HELD, session=session, hint="person"):
            records.setdefault(document["patient"], {})[document["key"]] = held(document)
        return records


async def complete_directory(
    db: Database, speaking: Iterable[Held], known: Mapping[str, Held], session: AsyncIOMotorClientSession
) -> dict[str, Held]:
    """Add to what is known the directory rows these speak of, and those they stand on; no row ever moves."""
    directory = dict(known)
    while wanted := {key for one in speaking for key in keys_referred_to(one.resource)}:
        missing = [key for key in wanted - directory.keys() if _in_directory(key)]
        found = db.records.find(
            {"key": {"$in": missing}, "current": True}, HELD, session=session, hint="current"
        )
        speaking = [held(document) async for document in found]
        directory |= {one.key: one for one in speaking}
    return directory


def _in_directory(key: str) -> bool:
    row = TYPES.get(key.split("/", maxsplit=1)[0])
    return row is not None and row.kind is Kind.DIRECTORY
