"""Does time tell what is forbidden from what is absent? `python -m tests.soak.absent_or_forbidden [requests]`."""

import random
import sys
import tempfile
import time
import uuid
from pathlib import Path
from statistics import median, quantiles
from typing import Final

import httpx2

from tests.mongod import mongod
from tests.sip.faults.test_kill_api import api
from tests.sip.harness import NURSE, OTHER_DOCTOR, county, patient

MOST: Final = 0.05
GOAL: Final = {"resourceType": "Goal", "lifecycleStatus": "proposed", "description": {"text": "a"}}


def main() -> None:
    """Ask for both in random order, and compare the medians; exit code 1 where they differ too much."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with mongod() as url, county(url) as served, tempfile.TemporaryDirectory() as folder:
        with served.staff(OTHER_DOCTOR) as foreign:
            person = foreign.post("/fhir/Patient", json=patient(next(served.numbers))).json()["id"]
            about = {"subject": {"reference": f"Patient/{person}"}}
            hidden = [foreign.post("/fhir/Goal", json={**GOAL, **about}).json()["id"] for _ in range(20)]
        with api(served, Path(folder) / "log") as (base, _), served.staff(NURSE) as nurse:
            headers = {"Authorization": nurse.headers["authorization"]}
            with httpx2.Client(base_url=base, headers=headers, trust_env=False) as client:
                taken = ask(client, hidden, count)
    told = {name: median(some) for name, some in taken.items()}
    for name, some in taken.items():
        p95 = quantiles(some, n=20)[-1]
        print(f"{name:9} {len(some)} requests: median {told[name] * 1e3:.3f} ms, p95 {p95 * 1e3:.3f} ms")
    apart = abs(told["forbidden"] / told["absent"] - 1)
    print(f"apart by {apart:.1%} of the median (at most {MOST:.0%})")
    raise SystemExit(apart > MOST)


def ask(client: httpx2.Client, hidden: list[str], count: int) -> dict[str, list[float]]:
    """Time both kinds of miss, mixed at random, after some that only warm up."""
    dice = random.Random(1)
    kinds = ["forbidden", "absent"] * count
    dice.shuffle(kinds)
    taken: dict[str, list[float]] = {"forbidden": [], "absent": []}
    for place, kind in enumerate(["absent", "forbidden"] * 100 + kinds):
        number = dice.choice(hidden) if kind == "forbidden" else str(uuid.UUID(int=dice.getrandbits(128)))
        began = time.perf_counter()
        answer = client.get(f"/fhir/Goal/{number}")
        spent = time.perf_counter() - began
        if answer.status_code != 404:
            raise RuntimeError(f"{kind}: {answer.status_code}")
        if place >= 200:
            taken[kind].append(spent)
    return taken


if __name__ == "__main__":
    main()
