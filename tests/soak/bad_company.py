"""How much receivers that behave badly slow down the healthy ones beside them: `python -m tests.soak.bad_company`."""

import sys
import tempfile
import time
from asyncio import StreamWriter
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import httpx2

from tests.issuer import TestIssuer
from tests.mongod import mongod
from tests.notify import hostile
from tests.notify.asking import Client, event
from tests.notify.bench import beside, record, sink
from tests.notify.conftest import LOOPBACK, settings_of
from tests.notify.faults.processes import Process

EVENTS_PER_SECOND: Final = 20
SECONDS: Final = int(sys.argv[1]) if len(sys.argv) > 1 else 25
MOST_SLOWER: Final = 1.2


def status(code: int) -> hostile.Behaviour:
    """Answer with a status, each time."""

    async def answer(writer: StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {code} No\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()

    return answer


BEHAVIOURS: Final = {
    "hanging": hostile.hang,
    "dripping": hostile.drip,
    "resetting": hostile.reset,
    "endless": hostile.endless,
    "endless head": hostile.endless_head,
    "bad TLS": hostile.babble,
    "500": status(500),
    "429": status(429),
    "307": hostile.redirecting_to("http://127.0.0.1:1/"),
}


def measured(client: Client, sink_url: str, name: str) -> dict[str, float]:
    """Send events at a steady rate, each to all there are, and give how long the healthy one waited."""
    httpx2.get(sink_url, trust_env=False)
    posted: dict[str, float] = {}
    started = time.monotonic()
    for number in range(EVENTS_PER_SECOND * SECONDS):
        time.sleep(max(0.0, started + number / EVENTS_PER_SECOND - time.monotonic()))
        told = event(person=f"Patient/{name}{number}", focus=f"CarePlan/{name}{number}")
        posted[f"https://samplan.test/fhir/{told['subject']}"] = time.monotonic()
        client.post_event(told)
    time.sleep(3)
    waits = sorted(at - posted[focus] for focus, at in httpx2.get(sink_url, trust_env=False).json())
    assert len(waits) == len(posted), (len(waits), len(posted))
    return {"p50": waits[len(waits) // 2] * 1000, "p99": waits[int((len(waits) - 1) * 0.99)] * 1000}


def main() -> None:
    """Measure the healthy one alone, in bad company, and alone again (as many receivers that answer at once)."""
    with (
        mongod() as mongo_url,
        TestIssuer() as issuer,
        beside(record) as record_url,
        beside(sink) as sink_url,
        beside(sink) as other_url,
        tempfile.TemporaryDirectory() as directory,
        ExitStack() as stack,
    ):
        settings = settings_of(
            mongo_url, issuer, record_url, allowed_endpoints=(LOOPBACK,), lease_seconds=20.0, attempt_seconds=15.0,
            retry_waits=(0.0, 5.0, 300.0, 1800.0),
        )  # fmt: skip
        log = Path(directory) / "log"
        with Process("run_api", settings, log) as api, Process("run_worker", settings, log):
            client = Client(api.url, issuer)
            client.subscribe(f"{sink_url}/healthy")
            others = [client.subscribe(f"{other_url}/{n}")["id"] for n in range(len(BEHAVIOURS))]
            good = measured(client, sink_url, "good")
            for one in others:
                client("DELETE", f"/fhir/Subscription/{one}")
            for behaviour in BEHAVIOURS.values():
                server = stack.enter_context(hostile.HostileServer(behaviour))
                client.subscribe(f"{server.url}/hook")
            bad = measured(client, sink_url, "bad")
            client.close()
    print(f"beside {len(BEHAVIOURS)} healthy: p50 {good['p50']:.0f} ms, p99 {good['p99']:.0f} ms")
    print(f"beside {', '.join(BEHAVIOURS)}: p50 {bad['p50']:.0f} ms, p99 {bad['p99']:.0f} ms")
    print(f"p99 {bad['p99'] / good['p99']:.2f} times as long")
    sys.exit(0 if bad["p99"] <= MOST_SLOWER * good["p99"] else 1)


if __name__ == "__main__":
    main()
