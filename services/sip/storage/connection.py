"""The connection to MongoDB, its promises about durability, and the indexes."""

from datetime import UTC
from typing import Any, Final

from bson.codec_options import CodecOptions
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

Document = dict[str, Any]
Database = AsyncIOMotorDatabase[Document]
Client = AsyncIOMotorClient[Document]

DURABLE: Final = WriteConcern("majority", j=True)
SNAPSHOT: Final = ReadConcern("snapshot")
OPERATION_MS: Final = 3000
POOL: Final = 100  # more than requests in flight: a smaller pool starves callers

IMPORT_KEPT: Final = 90 * 86_400
"""Seconds that an import's progress and refusals can be asked for; what it loaded stays, of course."""

CURRENT: Final = {"current": True}
CURRENT_ONLY: Final = {"partialFilterExpression": CURRENT}

INDEXES: Final = {
    "records": [
        IndexModel([("key", ASCENDING)], name="current", unique=True, **CURRENT_ONLY),
        IndexModel([("key", ASCENDING), ("version", DESCENDING)], name="versions"),
        IndexModel([("identities", ASCENDING)], name="identities", unique=True,
                   partialFilterExpression={"current": True, "identities": {"$exists": True}}),
        IndexModel([("patient", ASCENDING), ("type", ASCENDING), ("at", DESCENDING), ("key", DESCENDING)],
                   name="person", **CURRENT_ONLY),
        IndexModel([("readers.unit", ASCENDING), ("type", ASCENDING), ("at", DESCENDING), ("key", DESCENDING)],
                   name="readers", **CURRENT_ONLY),
        IndexModel([("type", ASCENDING), ("terms", ASCENDING), ("at", DESCENDING), ("key", DESCENDING)],
                   name="terms", **CURRENT_ONLY),
        IndexModel([("type", ASCENDING), ("at", DESCENDING), ("key", DESCENDING)], name="type", **CURRENT_ONLY),
        IndexModel([("type", ASCENDING), ("dates.param", ASCENDING), ("dates.lo", ASCENDING)],
                   name="dates", **CURRENT_ONLY),
        IndexModel([("type", ASCENDING), ("amounts.param", ASCENDING), ("amounts.lo", ASCENDING)], name="amounts",
                   partialFilterExpression={"current": True, "amounts": {"$exists": True}}),
        IndexModel([("readers.unit", ASCENDING), ("type", ASCENDING), ("at", DESCENDING)], name="deleted",
                   partialFilterExpression={"deleted": True}),
        IndexModel([("dates.hi", ASCENDING)], name="running_out",
                   partialFilterExpression={"current": True, "type": "CareTeam", "terms": "status=active"}),
        IndexModel([("at", ASCENDING), ("seq", ASCENDING)], name="outbox", partialFilterExpression={"unsent": True}),
        IndexModel([("alarm", ASCENDING)], name="alarm", partialFilterExpression={"alarm": {"$exists": True}}),
        IndexModel([("parked", ASCENDING)], name="parked", partialFilterExpression={"parked": {"$exists": True}}),
    ],
    "moments": [
        IndexModel([("key", ASCENDING)], name="key"),
        IndexModel([("at", ASCENDING), ("seq", ASCENDING)], name="outbox", partialFilterExpression={"unsent": True}),
        IndexModel([("parked", ASCENDING)], name="parked", partialFilterExpression={"parked": {"$exists": True}}),
    ],
    "measure_people": [IndexModel([("until", ASCENDING)], name="until")],
    "import_refusals": [
        IndexModel([("import", ASCENDING), ("line", ASCENDING)], name="line"),
        IndexModel([("at", ASCENDING)], name="over", expireAfterSeconds=IMPORT_KEPT),
    ],
    "imports": [IndexModel([("at", ASCENDING)], name="over", expireAfterSeconds=IMPORT_KEPT)],
    "handovers": [IndexModel([("ended", ASCENDING), ("asked_at", ASCENDING)], name="unfinished")],
    "handover_moves": [IndexModel([("job", ASCENDING), ("state", ASCENDING), ("_id", ASCENDING)], name="job")],
    "guards": [IndexModel([("at", ASCENDING)], name="over", expireAfterSeconds=3600)],
    "samples": [IndexModel([("giver", ASCENDING), ("drawn", DESCENDING)], name="giver")],
    "access": [
        IndexModel([("person", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="person"),
        IndexModel([("giver", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="giver"),
        IndexModel([("told", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="told",
                   partialFilterExpression={"told": {"$exists": True}}),
        IndexModel([("at", ASCENDING), ("_id", ASCENDING)], name="unsealed",
                   partialFilterExpression={"unsealed": True}),
    ],
}  # fmt: skip


def connect(url: str) -> Client:
    """Open a client whose reads are of what a majority holds."""
    return AsyncIOMotorClient(
        url,
        tz_aware=True,
        maxPoolSize=POOL,
        serverSelectionTimeoutMS=5000,
        socketTimeoutMS=10_000,
        retryWrites=True,
        retryReads=True,
    )


def database(client: Client, name: str) -> Database:
    """Give the database with our concerns stated."""
    return client.get_database(
        name,
        codec_options=CodecOptions(tz_aware=True, tzinfo=UTC),
        write_concern=DURABLE,
        read_concern=ReadConcern("majority"),
    )


async def prepare(db: Database) -> None:
    """Create collections and indexes that are missing; safe to run at every start, by several processes."""
    present = set(await db.list_collection_names())
    for name in {*INDEXES, "persons", "leases", "seals", "tombstones"} - present:
        try:
            await db.create_collection(name)
        except Exception as already:  # another process was first
            if getattr(already, "code", None) != 48 and "already exists" not in str(already):
                raise
    for name, models in INDEXES.items():
        await db[name].create_indexes(models)


async def reachable(client: Client) -> bool:
    """Tell whether a primary answers."""
    try:
        await client.admin.command("ping", maxTimeMS=1000)
    except Exception:  # noqa: BLE001 - whatever is wrong, the answer is no
        return False
    return True
