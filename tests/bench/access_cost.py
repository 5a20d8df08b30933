"""What the access decision and the access record cost a read, beside the same read without them.

The variant without them exists here alone: `python -m tests.bench.access_cost [rounds] [seconds]`.
"""

import contextlib
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx2

from services.chassis.server import serve
from services.sip.domain.sight import Sight
from services.sip.main.api import build_api
from services.sip.settings import SipSettings
from services.sip.storage.connection import Client, Database
from services.sip.storage.mongo_records import MongoRecords
from services.sip.use_cases.ports import Access, Store, Stored
from tests.bench.wrk import Measured, wrk
from tests.issuer import TestIssuer
from tests.loopback import free_port
from tests.mongod import mongod

BASE: Final = "https://samplan.test"
CONNECTIONS: Final = 32
MOST_OF_THROUGHPUT, MOST_MILLISECONDS = 0.35, 2.5
PLACE: Final[dict[str, Any]] = {
    "healthcareUnitHsaId": "SE9999990101-1E01",
    "healthcareProviderHsaId": "SE9999990101",
}
SIZE: Final = 5000
"""Bytes of text in the plan that is read."""


class ReadableByAll(MongoRecords):
    """The record store, asking nobody's right."""

    async def current(self, key: str, sight: Sight, now: datetime) -> Stored | None:
        """Read the newest version, whoever asks."""
        return await super().current(key, Sight(whole=sight.whole), now)


class Forgetful:
    """An access log that keeps nothing."""

    async def record(self, accesses: Sequence[Access]) -> None:
        """Forget it."""


def bare_store(client: Client, db: Database, deadline: float) -> Store:
    """Make a store without access decision and access record."""
    return Store(ReadableByAll(client, db, deadline=deadline), Forgetful())  # type: ignore[arg-type]


def main() -> None:
    """Measure both in turn, and tell how they compare."""
    rounds, seconds = (float(one) for one in sys.argv[1:3]) if len(sys.argv) > 2 else (3, 4)
    with mongod() as url, TestIssuer(BASE) as issuer, tempfile.TemporaryDirectory() as folder:
        settings = SipSettings(
            mongo_url=url, mongo_database=f"bench_{uuid.uuid4().hex}", public_base=BASE, issuers=[issuer.setting()],
            token_url=issuer.token_url, client_id="sip", client_secret="-", client_requests_per_second=1e6,
        )  # fmt: skip
        token = issuer.token(scope="user/*.cruds", **PLACE, exp=int(time.time()) + 3600)  # noqa: TID251 - a token carries real times
        with served(settings, Path(folder), "whole") as whole, served(settings, Path(folder), "bare") as bare:
            path = a_plan(whole, token)
            measured = [measure((whole, bare), path, token, seconds) for _ in range(int(rounds))]
    report(measured)


@contextlib.contextmanager
def served(settings: SipSettings, folder: Path, which: str) -> Iterator[str]:
    """Serve in a process of its own."""
    port = free_port()
    told = folder / f"{which}.json"
    told.write_text(settings.model_copy(update={"port": port}).model_dump_json())
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.access_cost", "serve", which, str(told)])
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while not _ready(url):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the api ({which}) did not start")
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _ready(url: str) -> bool:
    with contextlib.suppress(httpx2.HTTPError):
        return httpx2.get(f"{url}/readyz", trust_env=False).status_code == 200
    return False


def a_plan(url: str, token: str) -> str:
    """Write a person with a draft of about 5 KB; gives its address."""
    with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
        person = client.post("/fhir/Patient", json={"resourceType": "Patient"}).json()["id"]
        plan = {
            "resourceType": "CarePlan", "status": "draft", "intent": "plan", "description": "Plan " * (SIZE // 5),
            "subject": {"reference": f"Patient/{person}"},
        }  # fmt: skip
        return f"/fhir/CarePlan/{client.post('/fhir/CarePlan', json=plan).json()['id']}"


Pair = tuple[Measured, Measured]


def measure(urls: tuple[str, str], path: str, token: str, seconds: float) -> tuple[Pair, Pair]:
    """Load each at 32 connections, then at one; first the one, then the other."""
    many, alone = (
        [wrk(f"{url}{path}", connections=count, seconds=length, token=token) for url in urls]
        for count, length in ((CONNECTIONS, seconds), (1, seconds / 2))
    )
    return (many[0], many[1]), (alone[0], alone[1])


def report(rounds: Sequence[tuple[Pair, Pair]]) -> None:
    """Print medians over the rounds, and whether both targets are met."""
    costs = [1 - whole.per_second / bare.per_second for (whole, bare), _ in rounds]
    later = [whole.p50 - bare.p50 for _, (whole, bare) in rounds]
    failed = sum(one.failed for pairs in rounds for pair in pairs for one in pair)
    for name, place in (("with", 0), ("without", 1)):
        rate = median(many[place].per_second for many, _ in rounds)
        alone = median(one[place].p50 for _, one in rounds)
        print(
            f"read {name:8} access decision and record: {rate:7,.0f} requests/s at {CONNECTIONS}, {alone:.2f} ms alone"
        )
    print(
        f"they cost {median(costs):.0%} of the throughput (from {min(costs):.0%} to {max(costs):.0%}; at most "
        f"{MOST_OF_THROUGHPUT:.0%}) and {median(later):.2f} ms alone (at most {MOST_MILLISECONDS}); {failed} failed"
    )


def run_one(which: str, told: str) -> None:
    """Serve one of the two until stopped."""
    settings = SipSettings.model_validate_json(Path(told).read_text())
    app = build_api(settings, bare_store) if which == "bare" else build_api(settings)
    serve(app, settings.host, settings.port)


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        run_one(sys.argv[2], sys.argv[3])
    else:
        main()
