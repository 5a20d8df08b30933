"""The database: its collections with the concerns stated, its indexes, its health."""

from datetime import UTC
from typing import Any, Final, Self

from bson.codec_options import CodecOptions
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

Document = dict[str, Any]
Collection = AsyncIOMotorCollection[Document]

UNREACHABLE: Final = PyMongoError
DURABLE: Final = WriteConcern(w="majority", j=True, wtimeout=10_000)
OPERATION_MS: Final = 10_000
DUPLICATE: Final = 11000

INDEXES: Final[dict[str, list[IndexModel]]] = {
    "events": [IndexModel([("forget_at", ASCENDING)], name="forget", expireAfterSeconds=0)],
    "subscriptions": [
        IndexModel([("unit", ASCENDING), ("client", ASCENDING), ("_id", ASCENDING)], name="owner"),
        IndexModel([("unit", ASCENDING), ("topic", ASCENDING), ("persons", ASCENDING)], name="wanting"),
        IndexModel([("status", ASCENDING)], name="status"),
    ],
    "deliveries": [
        IndexModel(
            [("lane", ASCENDING), ("seq", ASCENDING), ("arrived", ASCENDING)],
            name="pending",
            partialFilterExpression={"state": "pending"},
        ),
        IndexModel([("state", ASCENDING), ("arrived", ASCENDING)], name="state"),
        IndexModel(
            [("target", ASCENDING), ("number", ASCENDING)],
            name="number",
            unique=True,
            partialFilterExpression={"number": {"$exists": True}},
        ),
        IndexModel(
            [("unit", ASCENDING), ("client", ASCENDING), ("arrived", DESCENDING), ("_id", DESCENDING)],
            name="owner",
        ),
        IndexModel([("forget_at", ASCENDING)], name="forget", expireAfterSeconds=0),
    ],
    "lanes": [IndexModel([("queue", ASCENDING), ("due", ASCENDING), ("_id", ASCENDING)], name="due")],
    "inbox": [
        IndexModel([("unit", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="all"),
        IndexModel(
            [("unit", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)],
            name="unread",
            partialFilterExpression={"unread": True},
        ),
    ],
}


class Database:
    """notify's database through one client; made inside the running event loop."""

    def __init__(self, url: str, name: str, *, operation_ms: int | None = OPERATION_MS) -> None:
        """Take the MongoDB URL, the database's name, and how long one operation may take."""
        self._client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            url,
            tz_aware=True,
            appname="samplan-notify",
            serverSelectionTimeoutMS=5000,
            timeoutMS=operation_ms,
            retryWrites=True,
        )
        self._database = self._client.get_database(
            name,
            codec_options=CodecOptions(tz_aware=True, tzinfo=UTC),
            read_preference=ReadPreference.PRIMARY,
            write_concern=DURABLE,
            read_concern=ReadConcern("local"),
        )

    async def __aenter__(self) -> Self:
        """Nothing to open: the driver connects when it is first used."""
        return self

    async def __aexit__(self, *_failure: object) -> None:
        """Close the connections."""
        self._client.close()

    def __getitem__(self, collection: str) -> Collection:
        """Give a collection: reads from the primary, writes acknowledged by a majority's journals."""
        return self._database[collection]

    async def make_indexes(self) -> None:
        """Make the indexes that are missing; raises PyMongoError while the database is out of reach."""
        for collection, indexes in INDEXES.items():
            await self._database[collection].create_indexes(indexes)

    async def answers(self) -> bool:
        """Say whether the database has a primary that takes writes."""
        try:
            hello = await self._database.command("hello")
        except PyMongoError:
            return False
        return bool(hello.get("isWritablePrimary"))
