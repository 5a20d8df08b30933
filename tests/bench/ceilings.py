"""The ceilings: what a bare server, and the bare driver, do on this machine at this moment."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import uvloop
from bson.binary import Binary
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.write_concern import WriteConcern

from services.chassis.request_metrics import Receive, Scope, Send

PORT = int(os.environ.get("SAMPLAN_BENCH_PORT", "8019"))
BODY = b"x" * 5200


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer everything with 5.2 KB: an ASGI application that does nothing else."""
    if scope["type"] == "http":
        headers = [(b"content-length", str(len(BODY)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": BODY})


@contextlib.contextmanager
def bare_server() -> Iterator[str]:
    """Serve `bare` with the server that sip uses."""
    options = [
        "--port",
        str(PORT),
        "--loop",
        "uvloop",
        "--http",
        "httptools",
        "--no-access-log",
        "--log-level",
        "error",
    ]
    command = [sys.executable, "-m", "uvicorn", "tests.bench.ceilings:bare", "--lifespan", "off", *options]
    process = subprocess.Popen(command)
    try:
        _wait_for(PORT)
        yield f"http://127.0.0.1:{PORT}/"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)


def durable_inserts(mongo_url: str, *, connections: int, seconds: float) -> tuple[float, float, float]:
    """Insert 5.2 KB documents, majority and journal; gives inserts per second, p50 and p99 in milliseconds."""

    async def run() -> list[float]:
        client: AsyncIOMotorClient[dict[str, object]] = AsyncIOMotorClient(mongo_url, maxPoolSize=100)
        rows = client.get_database("samplan_bench", write_concern=WriteConcern("majority", j=True)).rows
        took: list[float] = []
        until = time.perf_counter() + seconds

        async def insert() -> None:
            while (started := time.perf_counter()) < until:
                await rows.insert_one({"body": Binary(BODY)})
                took.append(time.perf_counter() - started)

        await asyncio.gather(*(insert() for _ in range(connections)))
        await client.drop_database("samplan_bench")
        client.close()
        return sorted(took)

    took = uvloop.run(run())
    return len(took) / seconds, took[len(took) // 2] * 1000, took[len(took) * 99 // 100] * 1000
