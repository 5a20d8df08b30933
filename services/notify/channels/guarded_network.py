"""Connections that go only where the operator allows: resolved once, every address checked, then connected."""

import asyncio
import contextlib
import socket
from collections.abc import Iterable
from typing import Any, Final

import httpcore2

from services.notify.domain.endpoints import EndpointRule, may_connect

RESOLVE_SECONDS: Final = 5.0


class AddressRefused(Exception):
    """The name resolves to an address that may not be called."""


class GuardedNetwork(httpcore2.AnyIOBackend):
    """Resolves a name itself and connects to the checked address; TLS above it still proves the name."""

    def __init__(self, rule: EndpointRule) -> None:
        """Take the rule of the one host that connections of this pool go to."""
        self._rule = rule

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of httpcore2
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to one of the name's addresses, if all of them may be connected to."""
        addresses = await _addresses(host, port)
        if not addresses or not all(may_connect(address, self._rule) for address in addresses):
            raise AddressRefused
        for address in addresses[:-1]:
            with contextlib.suppress(httpcore2.ConnectError):
                return await super().connect_tcp(address, port, timeout, local_address, socket_options)
        return await super().connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *_arguments: Any, **_named: Any) -> httpcore2.AsyncNetworkStream:
        """Refuse: no endpoint is reached this way."""
        raise AddressRefused


async def _addresses(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await loop.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as failure:
        raise httpcore2.ConnectError("the name cannot be resolved") from failure
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
