"""What becomes of the demo's processes when one of them, or the demo itself, is ended in any way."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

STAND_IN = Path(__file__).parent / "stand_ins" / "demo.py"
ROOT = Path(__file__).parents[2]


class Demo:
    """A stand-in demo in a process of its own."""

    def __init__(self, folder: Path, *kinds: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, str(STAND_IN), str(folder), *kinds],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.said: list[str] = []

    def until(self, words: str) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line)
            if words in line:
                return
        assert self.process.stderr
        raise AssertionError("".join([*self.said, self.process.stderr.read()]))

    @property
    def running(self) -> dict[str, Any]:
        note: dict[str, Any] = json.loads((self.folder / "running.json").read_text())
        return note

    @property
    def children(self) -> dict[str, int]:
        found: dict[str, int] = self.running["processes"]
        return found

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    started: list[Demo] = []

    def begin(*kinds: str) -> Demo:
        started.append(Demo(tmp_path / "demo", *kinds))
        return started[-1]

    yield begin
    for demo in started:
        demo.end()


def alive(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def eventually(holds: Callable[[], bool], *, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_a_process_killed_outright_runs_again_within_two_seconds(start: Callable[..., Demo]) -> None:
    demo = start("service", "mongod")
    demo.until("Ready")

    for name, pid in demo.children.items():
        os.kill(pid, signal.SIGKILL)
        again = eventually(lambda n=name, p=pid: demo.children.get(n, p) != p, seconds=2)  # type: ignore[misc]

        assert again, name
        assert alive(demo.children[name])


def test_killing_the_demo_outright_leaves_no_process_and_the_next_start_just_works(
    start: Callable[..., Demo],
) -> None:
    demo = start("service", "stubborn", "mongod")
    demo.until("Ready")
    children = list(demo.children.values())

    demo.process.kill()

    assert len(children) == 3
    assert eventually(lambda: not any(map(alive, children)), seconds=1)
    start("service", "stubborn", "mongod").until("Ready")


def test_one_signal_stops_everything_and_leaves_nothing_behind(start: Callable[..., Demo]) -> None:
    demo = start("service", "stubborn", "mongod")
    demo.until("Ready")
    children = list(demo.children.values())

    demo.process.send_signal(signal.SIGINT)

    assert demo.process.wait(timeout=6) == 0
    assert not any(map(alive, children))
    assert not (demo.folder / "running.json").exists()
    assert (demo.folder / "mongo" / "mongod.lock").read_text() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_other_ways_to_ask_stop_it_as_well(start: Callable[..., Demo], number: signal.Signals) -> None:
    demo = start("service")
    demo.until("Ready")

    demo.process.send_signal(number)

    assert demo.process.wait(timeout=6) == 0


def test_a_second_signal_stops_at_once_and_leaves_nothing_behind(start: Callable[..., Demo]) -> None:
    demo = start("stubborn", "mongod")
    demo.until("Ready")
    children = list(demo.children.values())
    started = time.monotonic()

    demo.process.send_signal(signal.SIGINT)
    demo.until("Stopping")
    demo.process.send_signal(signal.SIGINT)

    assert demo.process.wait(timeout=6) == 0
    assert time.monotonic() - started < 2.5
    assert not any(map(alive, children))
    assert not (demo.folder / "running.json").exists()
    assert (demo.folder / "mongo" / "mongod.lock").read_text() == ""


def test_a_signal_while_it_is_still_starting_stops_it_too(start: Callable[..., Demo]) -> None:
    demo = start("service", "stubborn")
    assert eventually((demo.folder / "running.json").exists, seconds=5)

    demo.process.send_signal(signal.SIGTERM)

    assert demo.process.wait(timeout=8) == 0
    assert not (demo.folder / "running.json").exists()


def test_a_service_that_will_not_stay_up_ends_the_start_with_its_last_words(
    start: Callable[..., Demo],
) -> None:
    demo = start("doomed")

    _, complaint = demo.process.communicate(timeout=20)

    assert demo.process.returncode == 1
    assert "doomed does not stay up. Its last words: no settings." in complaint
    assert "doomed.log" in complaint


def test_a_second_demo_in_the_same_folder_says_that_one_is_running(start: Callable[..., Demo]) -> None:
    first = start("service")
    first.until("Ready")

    _, complaint = start("service").process.communicate(timeout=10)

    assert complaint.strip() == (
        f"A demo of this folder is running already (process {first.process.pid}). "
        f"Mend: kill {first.process.pid}"
    )
    assert first.process.poll() is None


def test_a_demo_that_is_on_its_way_out_is_waited_for(start: Callable[..., Demo]) -> None:
    first = start("stubborn")
    first.until("Ready")
    first.process.send_signal(signal.SIGTERM)
    first.until("Stopping")

    start("service").until("Ready")

    assert first.process.wait(timeout=1) == 0
