"""Measures bulk handovers of 900 persons, the second killed half-way: `python -m tests.soak.handover [NUMBER]`."""

import signal
import subprocess
import sys
import time
from typing import Any, Final

import httpx2

from tests.mongod import mongod
from tests.sip.harness import DOCTOR, HEALTH_CENTRE, SECOND_DOCTOR, County, county
from tests.sip.outbound.handing import done, listed, relay_process, until

NUMBER: Final = int(sys.argv[1]) if len(sys.argv) > 1 else 900


def main() -> None:
    """Give so many persons a doctor, let the doctor leave and come back, and tell how long each part took."""
    with mongod() as mongo_url, county(mongo_url) as served, served.staff(DOCTOR) as doctor:
        begun = time.monotonic()
        listed(doctor, NUMBER)
        tell("registered and appointed one by one over HTTP", begun)
        moved(served, doctor, (DOCTOR, SECOND_DOCTOR), killed=False)
        moved(served, doctor, (SECOND_DOCTOR, DOCTOR), killed=True)


def moved(served: County, doctor: httpx2.Client, whom: tuple[str, str], *, killed: bool) -> None:
    """Hand all over from one to the other, killing the process at half."""
    begun = time.monotonic()
    body: dict[str, Any] = {"from_employee": whom[0], "from_unit": HEALTH_CENTRE, "reason": "staff-left"}
    body["to"] = [{"employee": whom[1], "unit": HEALTH_CENTRE}]
    location = doctor.post("/api/v1/handovers", json=body).headers["location"]
    tell("the call was answered", begun)
    with relay_process(served) as process:
        until(doctor, location, lambda told: told["moved"] > 0)
        first = time.monotonic()
        if killed:
            until(doctor, location, lambda told: told["moved"] >= NUMBER // 2)
            _kill(process)
        else:
            tell("moved, from the first batch on", first, until(doctor, location, done))
    if killed:
        with relay_process(served):
            tell("moved, killed half-way and taken up anew", first, until(doctor, location, done))


def _kill(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def tell(what: str, since: float, progress: dict[str, Any] | None = None) -> None:
    """Print one figure."""
    took = time.monotonic() - since
    counts = {name: progress[name] for name in ("moved", "refused")} if progress else ""
    print(f"{NUMBER} {what}: {took:.1f} s, {NUMBER / took:.0f}/s {counts}", flush=True)


if __name__ == "__main__":
    main()
