"""A replica set of three real members on loopback, whose primary is killed as by kill -9."""

import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.loopback import free_port
from tests.mongod import start_mongod

ELECTED_WITHIN = 60.0


class ThreeMembers:
    """Three members; `kill_primary` kills the one that leads and starts it again, as one of the others takes over."""

    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="samplan-three-", ignore_cleanup_errors=True)
        self._ports = [free_port() for _ in range(3)]
        self._members: dict[int, subprocess.Popen[bytes]] = {}
        hosts = ",".join(f"127.0.0.1:{port}" for port in self._ports)
        self.url = f"mongodb://{hosts}/?replicaSet=rs0"

    def __enter__(self) -> Self:
        for port in self._ports:
            self._start(port)
        config = {
            "_id": "rs0",
            "members": [{"_id": n, "host": f"127.0.0.1:{port}"} for n, port in enumerate(self._ports)],
            "settings": {"electionTimeoutMillis": 1000, "heartbeatIntervalMillis": 500},
        }
        with self._direct(self._ports[0]) as client:
            self._until(lambda: client.admin.command("replSetInitiate", config))
        self.primary()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _failure: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for member in self._members.values():
            member.kill()
            member.wait()
        self._directory.cleanup()

    def primary(self) -> int:
        """Wait until one leads, and give its port."""
        until = time.monotonic() + ELECTED_WITHIN
        while time.monotonic() < until:
            for port in self._ports:
                try:
                    with self._direct(port) as client:
                        if client.admin.command("hello").get("isWritablePrimary"):
                            return port
                except PyMongoError:
                    continue
            time.sleep(0.05)
        raise RuntimeError("no member was elected")

    def kill_primary(self) -> None:
        """End the primary as kill -9 does, and start it again."""
        port = self.primary()
        self._members[port].send_signal(signal.SIGKILL)
        self._members[port].wait()
        self._start(port)

    def _start(self, port: int) -> None:
        directory = Path(self._directory.name) / str(port)
        directory.mkdir(exist_ok=True)
        self._members[port] = start_mongod(directory, port)

    def _direct(self, port: int) -> MongoClient[dict[str, Any]]:
        return MongoClient(
            "127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=500, connectTimeoutMS=500
        )

    def _until(self, done: Any) -> None:
        until = time.monotonic() + ELECTED_WITHIN
        while True:
            try:
                done()
            except PyMongoError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return
