"""Ports: six in a row from SAMPLAN_PORT, and a busy one named before anything starts."""

import re
import socket
from collections.abc import Iterator

import pytest

from services.demo.addresses import LISTENERS, Addresses, addresses_from, see_ports_are_free
from services.demo.obstacle import Obstacle


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_the_demo_listens_where_the_design_says() -> None:
    here = Addresses()

    assert [here.port(name) for name in LISTENERS] == list(range(8000, 8006))
    assert here.url("sip measures") == "http://127.0.0.1:8003"
    assert (here.public_base, here.issuer) == ("http://127.0.0.1:8000", "http://127.0.0.1:8002")


def test_samplan_port_moves_all_six() -> None:
    moved = addresses_from({"SAMPLAN_PORT": "9000"})

    assert [moved.port(name) for name in LISTENERS] == list(range(9000, 9006))


@pytest.mark.parametrize("given", ["80", "65531", "http", "-1", "٩٠٠٠", "9e3"])
def test_what_is_no_port_with_room_for_six_is_refused(given: str) -> None:
    with pytest.raises(Obstacle, match=r"SAMPLAN_PORT is .* Mend: SAMPLAN_PORT=9000 make demo"):
        addresses_from({"SAMPLAN_PORT": given})


def test_a_busy_port_is_named_with_a_command_that_uses_free_ones(taken: int) -> None:
    with pytest.raises(Obstacle) as refused:
        see_ports_are_free(Addresses(taken - 1))

    said = str(refused.value)
    mended = re.search(r"Mend: SAMPLAN_PORT=(\d+) make demo$", said)
    assert f"{taken} (notify api)" in said
    assert mended
    assert Addresses(int(mended[1])).busy() == {}
