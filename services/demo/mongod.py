"""A real mongod on loopback, as a replica set of one member."""

import asyncio
import time
from pathlib import Path
from typing import Any, Final

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from services.demo.obstacle import Obstacle

REPLICA_SET: Final = "samplan"
NOT_INITIATED: Final = 94  # MongoDB's error code NotYetInitialized
CACHE_GB: Final = "0.25"
OPLOG_MB: Final = "256"


def mongod_command(binary: Path, dbpath: Path, port: int) -> list[str]:
    """Give the command of a member that listens on loopback alone and leaves nothing outside `dbpath`."""
    options = {
        "dbpath": str(dbpath),
        "bind_ip": "127.0.0.1",
        "port": str(port),
        "replSet": REPLICA_SET,
        "wiredTigerCacheSizeGB": CACHE_GB,
        "oplogSize": OPLOG_MB,
    }
    parameters = {
        "transactionLifetimeLimitSeconds": "5",  # so long a client that died holds its documents
        "shutdownTimeoutMillisForSignaledShutdown": "100",  # nobody else could take over
        "diagnosticDataCollectionEnabled": "false",
    }
    given = [part for name, value in options.items() for part in (f"--{name}", value)]
    set_ = [part for name, value in parameters.items() for part in ("--setParameter", f"{name}={value}")]
    return [str(binary), *given, *set_, "--nounixsocket"]


def mongod_url(port: int) -> str:
    """Give the replica set's address, without a database."""
    return f"mongodb://127.0.0.1:{port}/?replicaSet={REPLICA_SET}"


async def wait_for_primary(port: int, *, seconds: float) -> bool:
    """Initiate the replica set where that is needed and wait until it takes writes; false when time is up."""
    until = time.monotonic() + seconds
    with MongoClient[dict[str, Any]](
        "127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=500, connectTimeoutMS=500
    ) as client:
        while time.monotonic() < until:
            if await asyncio.to_thread(_is_primary, client, f"127.0.0.1:{port}"):
                return True
            await asyncio.sleep(0.05)
    return False


def _is_primary(client: MongoClient[dict[str, Any]], host: str) -> bool:
    """Say whether it takes writes; a member that is no part of a replica set yet is made one."""
    try:
        if client.admin.command("hello").get("isWritablePrimary"):
            return True
        _have_it_elected(client, host)
    except PyMongoError:
        pass  # it is still starting, or electing
    return False


def _have_it_elected(client: MongoClient[dict[str, Any]], host: str) -> None:
    """Initiate a new member; tell one that has moved to another port where it is now."""
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as failure:
        if failure.code != NOT_INITIATED:
            raise
        members = [{"_id": 0, "host": host}]
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
        return
    if config["members"][0]["host"] != host:
        config["members"][0]["host"] = host
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)


async def see_it_is_a_replica_set(url: str) -> None:
    """See that a replica set given by the user answers and takes writes; Obstacle says what it is not."""

    def hello() -> dict[str, Any]:
        with MongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=3000) as client:
            answer: dict[str, Any] = client.admin.command("hello")
            return answer

    try:
        answer = await asyncio.to_thread(hello)
    except PyMongoError as failure:
        raise Obstacle(
            f"The MongoDB of SAMPLAN_MONGO_URL does not answer ({type(failure).__name__}). "
            "Start it, or use the demo's own: unset SAMPLAN_MONGO_URL"
        ) from None
    if "setName" not in answer:
        raise Obstacle(
            "The MongoDB of SAMPLAN_MONGO_URL is no replica set, and without one there are no transactions. "
            "Start it with --replSet and initiate it, or use the demo's own: unset SAMPLAN_MONGO_URL"
        )
