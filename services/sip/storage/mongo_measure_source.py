"""What figures are computed from: a snapshot of the records, person by person, and word of changes."""

import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import orjson
from bson.timestamp import Timestamp
from motor.motor_asyncio import AsyncIOMotorClientSession
from pymongo.errors import OperationFailure
from pymongo.read_concern import ReadConcern

from services.sip.domain.search_terms import REFERRED
from services.sip.storage.connection import Client, Database, Document
from services.sip.storage.store_answers import store_answers
from services.sip.use_cases.measure_ports import Changes, Mark, PersonBodies

BATCH: Final = 200  # documents: some milliseconds of reading between two looks at the event loop
NEWEST: Final = {"current": True, "deleted": {"$ne": True}}
ROLE: Final = "PractitionerRole"
TOLD: Final = ("type", "key", "version", "patient")
HISTORY_LOST: Final = (136, 280, 286)
"""CappedPositionLost, ChangeStreamFatalError, ChangeStreamHistoryLost: the log begins later."""


class MongoMeasureSource:
    """Implements FiguresSource."""

    def __init__(self, client: Client, db: Database) -> None:
        self._client, self._db = client, db

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator["MongoRecordSnapshot"]:
        """Open a session all of whose reads are of one moment; mongod keeps it for 300 seconds by default."""
        with store_answers():
            async with await self._client.start_session(snapshot=True) as session:
                snapshot = MongoRecordSnapshot(self._db, session)
                await snapshot.begin()
                yield snapshot

    async def mark(self) -> Mark:
        """Take the time up to which a majority holds everything: a later snapshot holds at least that."""
        with store_answers():
            async with await self._client.start_session() as session:
                majority = self._db.records.with_options(read_concern=ReadConcern("majority"))
                await majority.find_one({"_id": ""}, {"_id": 1}, session=session)
                return session.operation_time

    async def changed_after(self, mark: Mark, types: Sequence[str], within: float) -> bool:
        """Watch for a new version of one of the types, or for any removal."""
        if not isinstance(mark, Timestamp):
            return True
        new = {"operationType": {"$in": ["insert", "replace"]}, "fullDocument.type": {"$in": list(types)}}
        wanted: list[dict[str, Any]] = [
            {"$match": {"$or": [new, {"operationType": "delete"}]}},
            {"$project": {"_id": 1}},
        ]
        try:
            with store_answers():
                return await self._seen(wanted, Timestamp(mark.time, mark.inc + 1), within)
        except OperationFailure as failed:
            if failed.code in HISTORY_LOST:
                return True
            raise

    async def _seen(self, wanted: list[dict[str, Any]], start: Timestamp, within: float) -> bool:
        until = time.monotonic() + within
        async with self._db.records.watch(
            wanted, start_at_operation_time=start, max_await_time_ms=500, batch_size=1
        ) as stream:
            while True:
                if await stream.try_next() is not None:
                    return True
                if time.monotonic() >= until:
                    return False

    async def changes(self, after: Mark, until: Mark, types: Sequence[str]) -> Changes | None:
        """Read the change stream from one mark to the other; what was removed by hand cannot be told whose it was."""
        if not isinstance(after, Timestamp) or not isinstance(until, Timestamp):
            return None
        persons: set[str] = set()
        roles: dict[str, int] = {}
        try:
            with store_answers():
                async for event in self._events(after, until, types):
                    if event["operationType"] == "delete":
                        return None
                    version = event["fullDocument"]
                    if version.get("patient"):
                        persons.add(version["patient"])
                    elif version["type"] == ROLE:
                        roles[version["key"]] = version["version"]
        except OperationFailure as failed:
            if failed.code in HISTORY_LOST:
                return None
            raise
        return Changes(persons, [key for key, version in roles.items() if version > 1], bool(roles))

    async def _events(
        self, after: Timestamp, until: Timestamp, types: Sequence[str]
    ) -> AsyncIterator[Document]:
        new = {"operationType": {"$in": ["insert", "replace"]}, "fullDocument.type": {"$in": list(types)}}
        wanted: list[dict[str, Any]] = [
            {"$match": {"$or": [new, {"operationType": "delete"}]}},
            {
                "$project": {
                    "operationType": 1,
                    "clusterTime": 1,
                    **{f"fullDocument.{one}": 1 for one in TOLD},
                }
            },
        ]
        start = Timestamp(after.time, after.inc + 1)
        async with self._db.records.watch(
            wanted, start_at_operation_time=start, max_await_time_ms=20, batch_size=1000
        ) as stream:
            # Nothing more to come means that all a majority holds has been told.
            while (event := await stream.try_next()) is not None and event["clusterTime"] <= until:
                yield event


class MongoRecordSnapshot:
    """Implements RecordSnapshot."""

    def __init__(self, db: Database, session: AsyncIOMotorClientSession) -> None:
        # The session brings its own read concern; a collection must not state another.
        self._records = db.records.with_options(read_concern=ReadConcern())
        self._session = session

    async def begin(self) -> None:
        """Read anything: the moment of a snapshot is that of its first read."""
        await self._records.find_one({"_id": ""}, {"_id": 1}, session=self._session)

    async def roles(self) -> Mapping[str, str]:
        """Read the directory of roles: some ten thousands of short strings in a county."""
        found = self._records.find(
            {"type": "PractitionerRole", **NEWEST},
            {"_id": 0, "key": 1, "body": 1},
            hint="type",
            session=self._session,
            batch_size=BATCH,
        )
        named = [(one["key"], orjson.loads(one["body"]).get("practitioner", {})) async for one in found]
        return {key: whose["reference"] for key, whose in named if "reference" in whose}

    async def people(
        self, types: Sequence[str], only: Collection[str] | None = None
    ) -> AsyncIterator[Sequence[PersonBodies]]:
        """Walk the index that orders documents by person, so that nothing has to be sorted or kept."""
        whose = {"$gt": ""} if only is None else {"$in": list(only)}
        found = self._records.find(
            {"patient": whose, "type": {"$in": list(types)}, **NEWEST},
            {"_id": 0, "patient": 1, "body": 1},
            hint="person",
            session=self._session,
            batch_size=BATCH,
        ).sort("patient", 1)
        person, bodies = "", list[bytes]()
        while documents := await found.to_list(BATCH):
            people: list[PersonBodies] = []
            for document in documents:
                if document["patient"] != person:
                    people.append((person, bodies))
                    person, bodies = document["patient"], []
                bodies.append(document["body"])
            yield [one for one in people if one[1]]
        if bodies:
            yield [(person, bodies)]

    async def met_by(self, roles: Collection[str]) -> Collection[str]:
        """Find them as a search by participant does."""
        terms = [f"participant{REFERRED}{role}" for role in roles]
        met = {"type": "Encounter", "terms": {"$in": terms}, "current": True}
        found = self._records.find(met, {"_id": 0, "patient": 1}, hint="terms", session=self._session)
        return {one["patient"] async for one in found}
