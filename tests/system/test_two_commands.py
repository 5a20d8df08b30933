"""On a clean copy the one command starts everything, and whatever happens to it, nothing stays behind.

The tests stand in the order of one person's day: the later ones find what the earlier ones left.
"""

import os
import re
import signal
import socket
import time
from collections.abc import Iterator

import httpx2
import pytest

from services.demo.addresses import LISTENERS
from tests.system.clean_copy import STOPPED_WITHIN, Copy
from tests.system.terminal import CTRL_C, Terminal

pytestmark = pytest.mark.system

FIRST_START = 240.0  # set-up fetches packages, and the county is settled
SECOND_START = 10.0
PATIENCE = 90.0  # where the time is not what is tested


@pytest.fixture
def demo(copy: Copy) -> Iterator[Terminal]:
    """A demo that was started again and is ready."""
    with copy.demo(ready_within=PATIENCE) as terminal:
        yield terminal


def test_one_command_sets_up_and_starts_all_of_it(copy: Copy) -> None:
    with copy.demo(ready_within=FIRST_START):
        answers = {
            (port, path): httpx2.get(f"http://127.0.0.1:{port}{path}").status_code
            for port in range(copy.port, copy.port + len(LISTENERS))
            for path in ("/healthz", "/readyz")
        }

    assert set(answers.values()) == {200}, answers


def stretched(seconds: float) -> float:
    """The time allowed on this machine now: longer by as much as there is to do beyond what it has cores for."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def test_the_second_start_skips_the_set_up(copy: Copy) -> None:
    with copy.demo(ready_within=stretched(SECOND_START)) as terminal:
        assert "Setting up" not in terminal.printed


def test_after_ctrl_c_nothing_stays_and_make_does_not_complain(copy: Copy, demo: Terminal) -> None:
    demo.press(CTRL_C)
    demo.wait_for_end(seconds=STOPPED_WITHIN)

    assert copy.left_after(0) == {}
    assert "***" not in demo.printed
    assert "Traceback" not in demo.printed


def test_after_ctrl_c_twice_nothing_stays(copy: Copy, demo: Terminal) -> None:
    demo.press(CTRL_C)
    time.sleep(0.2)
    demo.press(CTRL_C)
    demo.wait_for_end(seconds=STOPPED_WITHIN)

    assert copy.left_after(1) == {}
    assert "Traceback" not in demo.printed


def test_after_make_was_killed_nothing_stays(copy: Copy, demo: Terminal) -> None:
    os.kill(demo.process.pid, signal.SIGKILL)

    assert copy.left_after(STOPPED_WITHIN) == {}


def test_after_the_demo_was_killed_the_next_one_just_works(copy: Copy, demo: Terminal) -> None:
    (parent,) = [pid for pid, line in copy.processes().items() if line.rstrip().endswith("samplan demo")]
    os.kill(parent, signal.SIGKILL)
    demo.wait_for_end(seconds=STOPPED_WITHIN)

    with copy.demo(ready_within=PATIENCE):
        pass

    assert copy.left_after(0) == {}


def test_a_busy_port_is_named_in_one_line_with_the_way_around_it(copy: Copy) -> None:
    with socket.create_server(("127.0.0.1", copy.port + 2)):
        terminal = copy.type("make", "demo")
        terminal.wait_for_end(seconds=PATIENCE)

    said = [line for line in terminal.printed.splitlines() if line.startswith("samplan: ")]
    assert len(said) == 1
    assert str(copy.port + 2) in said[0]
    assert re.search(r"Mend: SAMPLAN_PORT=\d+ make demo$", said[0])


def test_reset_forgets_what_the_demo_stored(copy: Copy) -> None:
    reset = copy.type("make", "demo-reset")

    assert reset.wait_for_end(seconds=PATIENCE) == 0
    assert not (copy.folder / ".demo" / "mongo").exists()


def test_the_second_command_runs_the_tests(copy: Copy) -> None:
    tests = copy.type("make", "test", "ARGS=--quiet tests/chassis")

    assert tests.wait_for_end(seconds=FIRST_START) == 0, tests.printed
    assert " passed" in tests.printed
