"""A busy port is named, and six free ones are offered that really are free."""

import importlib.util
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.checks.tracked import ROOT


def by_path() -> Any:
    """The script as a module; it is run by path, before anything is installed."""
    spec = importlib.util.spec_from_file_location("free_ports", ROOT / "scripts" / "free_ports.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


free_ports = by_path()


def listen(port: int) -> socket.socket:
    """Listen on a port of loopback, as uvicorn does."""
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", port))
    server.listen()
    return server


@pytest.fixture
def first() -> int:
    """The first of six ports that are free now, away from those the demo uses."""
    block: int = free_ports.free_block(345)
    return block


@pytest.fixture
def open_servers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_free_ports_are_nothing_to_speak_of(first: int) -> None:
    assert free_ports.complaint(first, "demo", patience=0) is None


def test_a_busy_port_is_named_with_the_command_that_avoids_it(first: int, open_servers: ExitStack) -> None:
    open_servers.enter_context(listen(first + 2))

    said = free_ports.complaint(first, "demo", patience=0)

    assert said.startswith(f"port {first + 2} is busy")
    assert re.search(r"Mend: make demo SAMPLAN_PORT=\d+$", said)


def test_several_busy_ports_are_named_together(first: int, open_servers: ExitStack) -> None:
    open_servers.enter_context(listen(first))
    open_servers.enter_context(listen(first + 5))

    assert free_ports.complaint(first, "demo", patience=0).startswith(f"ports {first}, {first + 5} are busy")


def test_the_ports_that_are_offered_are_free(first: int, open_servers: ExitStack) -> None:
    open_servers.enter_context(listen(first))

    offered = free_ports.free_block(first)

    assert offered != first
    assert free_ports.busy_ports(offered) == []


def test_a_port_that_was_just_left_counts_as_free(first: int) -> None:
    with listen(first) as server, socket.create_connection(("127.0.0.1", first)):
        server.accept()[0].close()

    assert free_ports.busy_ports(first) == []


def test_a_port_that_is_being_left_is_waited_for(first: int) -> None:
    server = listen(first)
    leaving = threading.Timer(0.3, server.close)
    leaving.start()

    assert free_ports.busy_ports(first) == [first]
    assert free_ports.busy_after_waiting(first, patience=5) == []
    leaving.join()
