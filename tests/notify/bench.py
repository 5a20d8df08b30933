"""Measures notify: `python -m tests.notify.bench`. Its processes, the receiver and the record are separate ones."""

import asyncio
import contextlib
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import uvicorn

from tests.issuer import TestIssuer
from tests.loopback import free_port
from tests.mongod import mongod
from tests.notify.asking import Client, event, eventually, with_filter
from tests.notify.conftest import LOOPBACK, settings_of
from tests.notify.faults.processes import Process

SUBSCRIPTIONS = 1000
MATCHING = 3
EVENTS_PER_SECOND = 50
SECONDS = 20
BACKLOG = 3000
AT_ONCE = 8

Send = Callable[[dict[str, Any]], Awaitable[None]]


async def answer(send: Send, status: int, body: bytes = b"") -> None:
    """Send an answer in the fewest steps."""
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def body_of(receive: Callable[[], Awaitable[dict[str, Any]]]) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


async def record(scope: dict[str, Any], receive: Any, send: Send) -> None:
    """Say yes to everything."""
    if scope["type"] == "http":
        await body_of(receive)
        await answer(send, 200, b'{"allowed":true,"reason":"bench"}')


RECEIVED: list[tuple[str, float]] = []


async def sink(scope: dict[str, Any], receive: Any, send: Send) -> None:
    """Take notifications; GET tells what has come, and forgets it."""
    if scope["type"] != "http":
        return
    body = await body_of(receive)
    if scope["method"] == "GET":
        told = json.dumps(RECEIVED).encode()
        RECEIVED.clear()
        await answer(send, 200, told)
        return
    if b'"handshake"' not in body:
        place = body.find(b'"focus","valueReference":{"reference":"') + 39
        RECEIVED.append((body[place : body.find(b'"', place)].decode(), time.monotonic()))
    await answer(send, 204)


def serve(app: Any, port: int) -> None:
    """Serve one of the two until killed."""
    uvicorn.run(app, port=port, log_level="critical", lifespan="off", ws="none")


@contextlib.contextmanager
def beside(app: Any) -> Iterator[str]:
    """Run an application in a process of its own."""
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(app, port), daemon=True)
    process.start()
    url = f"http://127.0.0.1:{port}"
    eventually(lambda: answers(url), seconds=60)
    yield url
    process.kill()


def answers(url: str) -> bool:
    try:
        httpx2.get(url, trust_env=False)
    except httpx2.HTTPError:
        return False
    return True


def latency(client: Client, sink_url: str) -> None:
    """Events at a steady rate, each for three of a thousand subscriptions."""
    for number in range(SUBSCRIPTIONS):
        person = f"Patient/p{number // MATCHING}"
        client.subscribe(f"{sink_url}/{number}", wait=False, **with_filter(f"CarePlan?patient={person}"))
    query = "/fhir/Subscription?status=requested&_count=1"
    eventually(lambda: not client("GET", query).json().get("entry"), seconds=120)
    httpx2.get(sink_url, trust_env=False)
    posted, started = {}, time.monotonic()
    for number in range(EVENTS_PER_SECOND * SECONDS):
        time.sleep(max(0.0, started + number / EVENTS_PER_SECOND - time.monotonic()))
        told = event(person=f"Patient/p{number % (SUBSCRIPTIONS // MATCHING)}", seq=number)
        posted[f"https://samplan.test/fhir/{told['subject']}"] = time.monotonic()
        client.post_event(told)
    time.sleep(2)
    waits = sorted(at - posted[focus] for focus, at in httpx2.get(sink_url, trust_env=False).json())
    print(
        f"{len(waits)} notifications of {len(posted)} events at {EVENTS_PER_SECOND}/s, {SUBSCRIPTIONS} subscriptions"
    )
    for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("most", 1.0)):
        print(
            f"  event sent to notification received, {name}: {waits[int((len(waits) - 1) * share)] * 1000:.0f} ms"
        )


async def bare_loop(url: str, body: bytes) -> tuple[float, float]:
    """Post the same body as often, as many at once, with nothing around it; give posts a second and CPU ms each."""
    left = iter(range(BACKLOG))

    async def post(client: httpx2.AsyncClient) -> None:
        for _ in left:
            await client.post(url, content=body, headers={"Content-Type": "application/fhir+json"})

    async with httpx2.AsyncClient(trust_env=False) as client:
        started, cpu = time.monotonic(), time.process_time()
        await asyncio.gather(*(post(client) for _ in range(AT_ONCE)))
        spent = time.process_time() - cpu
        return BACKLOG / (time.monotonic() - started), 1000 * spent / BACKLOG


def throughput(client: Client, sink_url: str, start_worker: Callable[[], Process]) -> None:
    """Work off a backlog, against a bare loop that posts the same bodies."""
    client.subscribe(f"{sink_url}/all", wait=False)
    with start_worker() as greeter:
        eventually(
            lambda: client("GET", "/fhir/Subscription?status=active&url=" + sink_url + "/all").json()["total"]
        )
        greeter.stop()
    for batch in range(BACKLOG // 100):
        told = [
            event("task.changed", person=f"Patient/x{batch}-{n}", focus=f"Task/b{batch}-{n}")
            for n in range(100)
        ]
        client.post_events([one | {"type": "se.samplan.task.changed"} for one in told])
    httpx2.get(sink_url, trust_env=False)
    with start_worker() as worker:
        received: list[Any] = []
        while len(received) < BACKLOG:
            time.sleep(0.5)
            received += httpx2.get(sink_url, trust_env=False).json()
        times = sorted(at for _, at in received)
        rate = (len(times) - 1) / (times[-1] - times[0])
        cpu = cpu_seconds(worker.process.pid) * 1000 / BACKLOG
        memory = Path(f"/proc/{worker.process.pid}/status").read_text().partition("VmRSS:")[2].split()[0]
    bare, bare_cpu = max(asyncio.run(bare_loop(f"{sink_url}/bare", b"x" * 1450)) for _ in range(3))
    print(
        f"backlog of {BACKLOG}, one worker: {rate:.0f} notifications/s, and as many inbox entries beside them"
    )
    print(
        f"  bare httpx2 loop: {bare:.0f}/s; ratio {rate / bare:.2f}; worker's memory {int(memory) // 1024} MB"
    )
    print(f"  CPU: {cpu:.2f} ms for a notification and an inbox entry; bare post {bare_cpu:.2f} ms")


def cpu_seconds(pid: int) -> float:
    """Give the CPU time that a process has used, at start too."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    """Run both measurements."""
    with (
        mongod() as mongo_url,
        TestIssuer() as issuer,
        beside(record) as record_url,
        beside(sink) as sink_url,
        tempfile.TemporaryDirectory() as directory,
    ):
        settings = settings_of(
            mongo_url, issuer, record_url, allowed_endpoints=(LOOPBACK,), lease_seconds=20.0
        )
        log = Path(directory) / "log"
        with Process("run_api", settings, log) as api:
            client = Client(api.url, issuer)
            if "throughput" not in sys.argv:
                with Process("run_worker", settings, log):
                    latency(client, sink_url)
            if "latency" not in sys.argv:
                throughput(client, sink_url, lambda: Process("run_worker", settings, log))
            client.close()


if __name__ == "__main__":
    main()
