"""Where the demo's six processes listen: six ports in a row on loopback."""

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.demo.obstacle import Obstacle

HOST: Final = "127.0.0.1"
FIRST_PORT: Final = 8000
LET_GO_WITHIN: Final = 2.0  # seconds; the processes of a demo that was just killed are about to be gone
LISTENERS: Final = (
    "sip api",
    "notify api",
    "authorization server",
    "sip measures",
    "sip relay",
    "notify worker",
)
"""In the order of their ports."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of a demo, from its first port."""

    first_port: int = FIRST_PORT

    def port(self, listener: str) -> int:
        """Give a listener's port."""
        return self.first_port + LISTENERS.index(listener)

    def url(self, listener: str) -> str:
        """Give a listener's address, without a path."""
        return f"http://{HOST}:{self.port(listener)}"

    @property
    def public_base(self) -> str:
        """Give the one public base, which is also what tokens are made out to (`aud`)."""
        return self.url("sip api")

    @property
    def issuer(self) -> str:
        """Give the authorization server's name in tokens (`iss`), which is its address."""
        return self.url("authorization server")

    def busy(self) -> dict[str, int]:
        """Give the listeners whose ports somebody holds, with the ports."""
        return {name: self.port(name) for name in LISTENERS if not is_free(self.port(name))}


def is_free(port: int) -> bool:
    """Say whether a server could listen on this port of loopback now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Give a port that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def addresses_from(environment: Mapping[str, str]) -> Addresses:
    """Read SAMPLAN_PORT; Obstacle when it is no port with room for six."""
    given = environment.get("SAMPLAN_PORT", "").strip() or str(FIRST_PORT)
    highest = 65535 - len(LISTENERS) + 1
    if not (given.isascii() and given.isdigit() and 1024 <= int(given) <= highest):
        raise Obstacle(
            f"SAMPLAN_PORT is {given!r}; it must be a number from 1024 to {highest}. "
            "Mend: SAMPLAN_PORT=9000 make demo"
        )
    return Addresses(int(given))


def see_ports_are_free(addresses: Addresses) -> None:
    """Name every port that is taken; Obstacle ends with a command that uses six free ones."""
    until = time.monotonic() + LET_GO_WITHIN
    while busy := addresses.busy():
        if time.monotonic() > until:
            break
        time.sleep(0.1)
    else:
        return
    named = ", ".join(f"{port} ({name})" for name, port in busy.items())
    starts = (Addresses(first) for first in range(9000, 60000, 1000))
    free = next((other.first_port for other in starts if not other.busy()), 9000)
    plural = "Port" if len(busy) == 1 else "Ports"
    raise Obstacle(f"{plural} in use by another program: {named}. Mend: SAMPLAN_PORT={free} make demo")
