"""A real mongod for the tests: found as the demo finds it, a replica set of one in its own directory."""

import os
import shutil
import stat
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.loopback import free_port

READY_WITHIN = 30.0  # seconds


@contextmanager
def mongod() -> Iterator[str]:
    """Give a replica set's URL: SAMPLAN_MONGO_URL if set, else of one that lives as long as the block."""
    if given := os.environ.get("SAMPLAN_MONGO_URL"):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="samplan-mongod-", ignore_cleanup_errors=True) as directory:
        port = free_port()
        process = start_mongod(Path(directory), port)
        try:
            begin_replica_set(port, process)
            yield f"mongodb://127.0.0.1:{port}/?replicaSet=rs0"
        finally:
            process.terminate()
            process.wait(timeout=20)


def start_mongod(directory: Path, port: int) -> subprocess.Popen[bytes]:
    """Start a member of rs0 on loopback, small enough to stand beside the tests."""
    log_file = directory / "mongod.log"
    command = [
        *(str(find_mongod()), "--replSet", "rs0", "--bind_ip", "127.0.0.1", "--port", str(port)),
        *(
            "--dbpath",
            str(directory),
            "--nounixsocket",
            "--wiredTigerCacheSizeGB",
            "0.5",
            "--oplogSize",
            "128",
        ),
        *(
            "--setParameter",
            "transactionLifetimeLimitSeconds=5",
            "--setParameter",
            "diagnosticDataCollectionEnabled=0",
        ),
    ]
    with log_file.open("ab") as output:
        return subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)


def find_mongod() -> Path:
    """Find mongod on PATH, else in the wheel of the demo; FileNotFoundError says what to do."""
    if on_path := shutil.which("mongod"):
        return Path(on_path)
    in_wheel = Path(sysconfig.get_path("purelib")) / "fiftyone" / "db" / "bin" / "mongod"
    if not in_wheel.exists():
        raise FileNotFoundError("no mongod: set SAMPLAN_MONGO_URL, or put mongod on PATH")
    if not os.access(in_wheel, os.X_OK):
        in_wheel.chmod(in_wheel.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return in_wheel


def begin_replica_set(port: int, process: subprocess.Popen[bytes]) -> None:
    """Initiate a replica set of one and wait until it takes writes; RuntimeError if mongod dies."""
    until = time.monotonic() + READY_WITHIN
    with MongoClient[dict[str, object]](
        "127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=500, connectTimeoutMS=500
    ) as client:
        initiated = False
        while time.monotonic() < until and process.poll() is None:
            try:
                if not initiated:
                    members = [{"_id": 0, "host": f"127.0.0.1:{port}"}]
                    client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
                    initiated = True
                if client.admin.command("hello").get("isWritablePrimary"):
                    return
            except PyMongoError:
                pass
            time.sleep(0.02)
    raise RuntimeError("mongod did not become ready; is libcurl4 installed?")
