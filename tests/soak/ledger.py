"""The ledger: what sip committed against what a receiver saw, while everything is killed: `make soak` runs it long.

`python -m tests.soak.ledger [kills] [seed] [--mutant]`
"""

import asyncio
import itertools
import random
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2
from pymongo import MongoClient
from pymongo.errors import PyMongoError
from starlette.responses import Response

from services.sip.domain import codes
from tests.issuer import TestIssuer
from tests.notify.asking import Client
from tests.notify.sink import Received, Sink
from tests.sip.storage.conftest import organization
from tests.soak.all_processes import COMMANDS, Chain
from tests.soak.replica_set import ThreeMembers

PERSONS: Final = 6
PRIMARY: Final = "primary"
VICTIMS: Final = (*COMMANDS, PRIMARY)
HOSPITAL, HOME_CARE = "SE-R-unit", "SE-K-unit"
ARRIVES_WITHIN: Final = 120.0


@dataclass
class Ledger:
    """What came of a run."""

    kills: Counter[str] = field(default_factory=Counter)
    committed: int = 0
    missing: int = 0
    repeated: int = 0
    repeated_otherwise: int = 0
    out_of_order: int = 0
    gaps: int = 0
    seconds: float = 0.0
    where: Counter[str] = field(default_factory=Counter)
    """Where what is missing has come to."""

    @property
    def holds(self) -> bool:
        """Say whether nothing was lost, doubled under another id, or mixed up."""
        return not (self.missing or self.repeated_otherwise or self.out_of_order or self.gaps)


def run_ledger(kills: int, seed: int, *, mutant: bool = False) -> Ledger:
    """Write without a pause while everything is killed in turn; then let all arrive, and compare."""
    began, ledger = time.monotonic(), Ledger()
    with (
        ThreeMembers() as members,
        TestIssuer() as issuer,
        Sink() as sink,
        tempfile.TemporaryDirectory() as directory,
    ):
        chain = Chain(members.url, issuer, Path(directory) / "log", mutant=mutant)
        try:
            chain.start()
            persons, role, home_care = _county(chain, issuer)
            _subscribe(chain, issuer, sink)
            with _writing(chain, issuer, persons, role, home_care):
                _kill(kills, random.Random(seed), chain, members, ledger)
            for name in COMMANDS:
                chain.ready(name)
            wanted = _committed(members.url)
            _wait_for(wanted, sink)
            ledger.where = _where(members.url, wanted, sink)
        finally:
            chain.stop()
        _compare(wanted, sink.events(), ledger)
    ledger.seconds = time.monotonic() - began
    return ledger


def _kill(kills: int, chance: random.Random, chain: Chain, members: ThreeMembers, ledger: Ledger) -> None:
    """Kill each kind equally often, in an order and at moments that the seed decides."""
    rounds = itertools.chain.from_iterable(
        chance.sample(VICTIMS, len(VICTIMS)) for _ in range(kills // len(VICTIMS) + 1)
    )
    for victim in itertools.islice(rounds, kills):
        time.sleep(chance.uniform(0.1, 1.5))  # somewhere in what the others have begun
        if victim == PRIMARY:
            members.kill_primary()
        else:
            chain.kill(victim)
            chain.ready(victim)
        ledger.kills[victim] += 1


def _county(chain: Chain, issuer: TestIssuer) -> tuple[list[str], str, str]:
    """A hospital, a home care unit that its notices go to, and residents."""
    with _client(chain, issuer, HOSPITAL) as hospital, _client(chain, issuer, HOME_CARE) as home:
        region = _made(hospital, organization("SE-R", "region"))
        ward = _made(hospital, organization(HOSPITAL, "unit", region, "hospital"))
        role = {"resourceType": "PractitionerRole", "organization": {"reference": ward}}
        municipality = _made(home, organization("SE-K", "municipality"))
        home_care = _made(home, organization(HOME_CARE, "unit", municipality, "home-care"))
        numbers = Path("services/demo/county/test_personal_numbers.txt").read_text().split("\n")
        known = [line.split()[0] for line in numbers if line[:1].isdigit()][:PERSONS]
        patients = [
            {"resourceType": "Patient", "identifier": [{"system": codes.PERSONNUMMER, "value": one}]}
            for one in known
        ]
        return [_made(hospital, one) for one in patients], _made(hospital, role), home_care


def _client(chain: Chain, issuer: TestIssuer, unit: str) -> httpx2.Client:
    headers = issuer.headers(
        scope="user/*.cruds",
        employeeHsaId=f"{unit}-e",
        healthcareUnitHsaId=unit,
        healthcareProviderHsaId=unit.rpartition("-")[0],
        exp=int(time.time()) + 36_000,  # noqa: TID251 - tokens go by the clock
    )
    return httpx2.Client(base_url=chain.url("sip-api"), headers=headers, trust_env=False, timeout=10)


def _made(client: httpx2.Client, resource: dict[str, Any]) -> str:
    answer = client.post(f"/fhir/{resource['resourceType']}", json=resource)
    assert answer.status_code == 201, answer.text
    return f"{resource['resourceType']}/{answer.json()['id']}"


def _subscribe(chain: Chain, issuer: TestIssuer, sink: Sink) -> None:
    """The home care unit's system; its answers take a moment, so that kills fall between POST and mark."""

    async def take(received: Received) -> Response:
        await asyncio.sleep(
            0.02 + 0.1 * (received.number % 3 if received.kind == "event-notification" else 0)
        )
        return Response(status_code=204)

    sink.answer = take
    client = Client(chain.url("notify-api"), issuer, healthcareUnitHsaId=HOME_CARE)
    client.subscribe(f"{sink.url}/hook")
    client.close()


@contextmanager
def _writing(
    chain: Chain, issuer: TestIssuer, persons: list[str], role: str, home_care: str
) -> Iterator[None]:
    """Write notices about each person without a pause, until the block ends."""
    ends = threading.Event()

    def write(person: str) -> None:
        notice = {
            "resourceType": "Communication", "status": "completed", "subject": {"reference": person},
            "category": [codes.DISCHARGE_DATE_CHANGED.concept()], "sent": "2026-11-02T10:00:00+01:00",
            "sender": {"reference": role}, "recipient": [{"reference": home_care}],
        }  # fmt: skip
        with _client(chain, issuer, HOSPITAL) as client:
            while not ends.is_set():
                try:
                    client.post("/fhir/Communication", json=notice)
                except httpx2.HTTPError:
                    time.sleep(0.2)
                ends.wait(0.1)

    threads = [threading.Thread(target=write, args=(person,)) for person in persons]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ends.set()
        for thread in threads:
            thread.join()


def _committed(mongo_url: str) -> dict[str, list[str]]:
    """Read from the record, not from the answers, what was committed: each person's, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    until = time.monotonic() + ARRIVES_WITHIN
    while True:
        try:
            with MongoClient[dict[str, Any]](mongo_url, readConcernLevel="majority") as client:
                notices = {"type": "Communication"}
                rows = list(
                    client["ledger_sip"].records.find(notices, {"key": 1, "patient": 1}).sort("seq", 1)
                )
        except PyMongoError:
            if time.monotonic() > until:
                raise
            continue
        for row in rows:
            found[row["patient"]].append(row["key"])
        return found


def _wait_for(wanted: dict[str, list[str]], sink: Sink) -> None:
    every = {key for keys in wanted.values() for key in keys}
    until = time.monotonic() + ARRIVES_WITHIN
    while time.monotonic() < until and not every <= {_key(one) for one in sink.events()}:
        time.sleep(0.2)


def _where(mongo_url: str, wanted: dict[str, list[str]], sink: Sink) -> Counter[str]:
    """Find what has not arrived: in the outbox, at notify as an event alone, or as a delivery in some state."""
    seen = {_key(one) for one in sink.events()}
    found: Counter[str] = Counter()
    with MongoClient[dict[str, Any]](mongo_url) as client:
        sip, notify = client["ledger_sip"], client["ledger_notify"]
        for key in (key for keys in wanted.values() for key in keys if key not in seen):
            row = sip.records.find_one({"key": key}) or {}
            delivery = notify.deliveries.find_one({"event.focus": key, "target": {"$regex": "^Subscription"}})
            event = notify.events.find_one({"event.focus": key})
            states = {"unsent": "unsent" in row, "parked": "parked" in row, "event alone": bool(event)}
            found[
                delivery["state"] if delivery else next((k for k, v in states.items() if v), "nowhere")
            ] += 1
    return found


def _key(received: Received) -> str:
    return received.focus.partition("/fhir/")[2]


def _compare(wanted: dict[str, list[str]], received: list[Received], ledger: Ledger) -> None:
    first: dict[str, Received] = {}
    for one in received:
        same = first.setdefault(_key(one), one)
        if same is not one:
            ledger.repeated += 1
            ledger.repeated_otherwise += (same.headers["webhook-id"], same.number) != (
                one.headers["webhook-id"],
                one.number,
            )
    every = [key for keys in wanted.values() for key in keys]
    ledger.committed, ledger.missing = len(every), len(set(every) - set(first))
    for keys in wanted.values():
        seen = [key for key in first if key in set(keys)]
        ledger.out_of_order += seen != [key for key in keys if key in first]
    numbers = sorted(one.number for one in first.values())
    ledger.gaps = len(set(range(1, (numbers or [0])[-1] + 1)) - set(numbers))


def main() -> None:
    """Run it once, and say what came of it."""
    given = [int(one) for one in sys.argv[1:] if one.isdigit()]
    kills, seed = [*given, *(200, 20261125)[len(given) :]][:2]
    ledger = run_ledger(kills, seed, mutant="--mutant" in sys.argv)
    print(f"seed {seed}, {kills} kills {dict(ledger.kills)}, {ledger.seconds:.0f} s")
    print(
        f"committed {ledger.committed}, missing {ledger.missing}, repeated under the same id {ledger.repeated}, "
        f"under another {ledger.repeated_otherwise}, persons out of order {ledger.out_of_order}, gaps {ledger.gaps}"
        + (f"; missing are {dict(ledger.where)}" if ledger.where else "")
    )
    sys.exit(0 if ledger.holds else 1)


if __name__ == "__main__":
    main()
