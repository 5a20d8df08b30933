"""The whole demo as people run it: one command, the tour twice, a process killed on the way, and a clean end."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services.demo.addresses import LISTENERS, Addresses

ROOT = Path(__file__).parents[2]
LOADED_WITHIN = 180.0  # seconds, on a machine that is busy with other tests
AGAIN_WITHIN = 60.0
RESTARTED_WITHIN = 20.0
KILLED = {
    "sip api": 9,
    "sip relay": 6,
    "sip measures": 18,
    "notify api": 12,
    "notify worker": 13,
    "authorization server": 3,
    "mongod": 8,
}
"""Each process, and the step of the tour at whose beginning it dies: one that needs it, then or soon."""


class Demo:
    """`samplan demo` in a process of its own, in its own folder, on ports of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.addresses = six_free_ports()
        own = {name: value for name, value in os.environ.items() if not name.startswith("SAMPLAN_")}
        port = str(self.addresses.first_port)
        self.environment = {**own, "SAMPLAN_DEMO_DIR": str(folder), "SAMPLAN_PORT": port}
        self.said: list[str] = []

    def start(self, *, within: float) -> float:
        """Start it and wait until it says that it is ready; give the seconds that took."""
        started = time.monotonic()
        self.process = subprocess.Popen(
            self._command("demo"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            cwd=ROOT, env=self.environment,
        )  # fmt: skip
        assert self.process.stdout
        watchdog = threading.Timer(within, self.process.kill)
        watchdog.start()
        try:
            for line in self.process.stdout:
                self.said.append(line)
                if line.startswith("Samplan is ready"):
                    return time.monotonic() - started
        finally:
            watchdog.cancel()
        raise AssertionError("".join(self.said))

    def samplan(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = self._command(*words)
        return subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, env=self.environment, timeout=240, check=False
        )

    def beginning(self, *words: str) -> subprocess.Popen[str]:
        """Begin a command whose lines are read as they come."""
        return subprocess.Popen(
            self._command(*words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            cwd=ROOT, env=self.environment,
        )  # fmt: skip

    def restarted(self, name: str, before: int, *, within: float) -> bool:
        """Tell whether another process has the name within so many seconds."""
        until = time.monotonic() + within
        while (same := self.running["processes"][name] == before) and time.monotonic() < until:
            time.sleep(0.05)
        return not same

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "services.cli", *words]

    @property
    def running(self) -> dict[str, Any]:
        note: dict[str, Any] = json.loads((self.folder / "running.json").read_text())
        return note

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=30)
        return self.process.returncode

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def six_free_ports() -> Addresses:
    starts = random.Random().sample(range(20_000, 32_000, 10), 50)
    return next(found for start in starts if not (found := Addresses(start)).busy())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    made = Demo(tmp_path_factory.mktemp("demo"))
    try:
        made.start(within=LOADED_WITHIN)
        yield made
    finally:
        made.end()


def test_the_tour_holds_twice_in_a_row(demo: Demo) -> None:
    for _ in range(2):
        tour = demo.samplan("tour")

        assert tour.returncode == 0, tour.stdout
        assert "✗" not in tour.stdout
        assert tour.stdout.rstrip().endswith("steps held.")
        assert "\x1b" not in tour.stdout


@pytest.mark.parametrize(("name", "step"), KILLED.items())
def test_a_process_killed_outright_during_the_tour_is_waited_out(demo: Demo, name: str, step: int) -> None:
    before = demo.running["processes"][name]
    told = []
    with demo.beginning("tour") as tour:
        assert tour.stdout
        for line in tour.stdout:
            told.append(line)
            if line.startswith(f"{step:>3}  "):
                os.kill(before, signal.SIGKILL)

    assert tour.returncode == 0, f"{name} was killed at step {step}:\n{''.join(told)}"
    assert demo.restarted(name, before, within=RESTARTED_WITHIN), f"{name} was not started again"


def test_every_persona_gets_a_token_and_nothing_else_on_stdout(demo: Demo) -> None:
    for name in ("region-gp", "resident", "monitor", "ehr-system"):
        answer = demo.samplan("token", name)
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout.count(".") == 2
        assert answer.stdout.count("\n") == 1


def test_a_resident_reads_her_own_plan_with_the_header_that_is_printed(demo: Demo) -> None:
    name, _, value = demo.samplan("token", "resident", "--header").stdout.strip().partition(": ")

    answer = httpx2.get(
        f"{demo.addresses.public_base}/fhir/CarePlan", headers={name: value}, trust_env=False, timeout=10
    )

    assert answer.status_code == 200
    assert answer.json()["entry"]


def test_a_second_demo_in_the_same_folder_is_refused_and_so_is_a_reset(demo: Demo) -> None:
    for words in (("demo",), ("demo", "--reset")):
        refused = demo.samplan(*words)

        assert refused.returncode == 1
        assert f"running already (process {demo.process.pid})" in refused.stderr


def test_what_runs_is_bound_to_loopback_alone(demo: Demo) -> None:
    here = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None)} - {"127.0.0.1", "::1"}
    for address in here:
        for listener in LISTENERS:
            with socket.socket(socket.AF_INET6 if ":" in str(address) else socket.AF_INET) as probe:
                probe.settimeout(1)
                assert probe.connect_ex((str(address), demo.addresses.port(listener))) != 0


def test_it_stops_cleanly_and_the_next_start_has_everything_still(demo: Demo) -> None:
    assert demo.stop() == 0
    assert not (demo.folder / "running.json").exists()
    assert demo.addresses.busy() == {}

    demo.said.clear()
    demo.start(within=AGAIN_WITHIN)

    assert not any("Settling the county" in line for line in demo.said)
    assert demo.samplan("token", "resident").returncode == 0
