"""Connections that go only where the operator allows: resolved once, every address checked, then connected."""

import asyncio
import socket
import ssl
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from services.notify.channels.connection import MOST_READ, Answer, Connection, ConnectionBroken
from services.notify.domain.endpoints import DEFAULT_PORTS, Endpoint, may_connect

RESOLVE_SECONDS: Final = 5.0
IDLE_SECONDS: Final = 30.0
MOST_IDLE: Final = 256

Key = tuple[str, str, int]


class AddressRefused(Exception):
    """The name resolves to an address that may not be called."""


class Connections:
    """POSTs over connections that are kept for a while; none is shared between names, ports or schemes.

    No redirects are followed, no proxies asked, no cookies kept. Certificates must prove the name that was
    asked for, whatever address it led to.
    """

    def __init__(self, trust: ssl.SSLContext, most_read: int = MOST_READ) -> None:
        """Take which certificates count, and how much of an answer is read."""
        self._trust, self._most_read = trust, most_read
        self._idle: OrderedDict[Connection, Key] = OrderedDict()
        self._by_key: dict[Key, list[Connection]] = {}

    async def post(self, endpoint: Endpoint, headers: Iterable[tuple[str, str]], body: bytes) -> Answer:
        """Send, and give the answer; raises AddressRefused, ConnectionBroken, OSError. The caller limits the time.

        A connection that was kept and turns out to have been closed is replaced by a new one, once.
        """
        request = _request(endpoint, headers, body)
        kept = self._take(endpoint)
        if kept:
            try:
                return await self._exchanged(kept, endpoint, request)
            except ConnectionBroken as broken:
                if not broken.unanswered:
                    raise
        return await self._exchanged(await self._connected(endpoint), endpoint, request)

    async def close(self) -> None:
        """Close what is kept."""
        for connection in self._idle:
            connection.abort()
        self._idle.clear()
        self._by_key.clear()
        await asyncio.sleep(0)

    async def _exchanged(self, connection: Connection, endpoint: Endpoint, request: bytes) -> Answer:
        answer = await connection.exchange(request)
        if connection.usable:
            self._keep(connection, endpoint)
        return answer

    async def _connected(self, endpoint: Endpoint) -> Connection:
        """Connect to one of the name's addresses, if all of them may be connected to."""
        addresses = await _addresses(endpoint.host, endpoint.port)
        if not addresses or not all(may_connect(address, endpoint.rule) for address in addresses):
            raise AddressRefused
        for address in addresses[:-1]:
            try:
                return await self._connect(address, endpoint)
            except OSError:
                continue
        return await self._connect(addresses[-1], endpoint)

    async def _connect(self, address: str, endpoint: Endpoint) -> Connection:
        secure = endpoint.scheme == "https"
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(self._most_read),
            address,
            endpoint.port,
            ssl=self._trust if secure else None,
            server_hostname=endpoint.host.strip("[]") if secure else None,
        )
        return connection

    def _take(self, endpoint: Endpoint) -> Connection | None:
        """Take a kept connection, the one used latest; those kept too long are closed."""
        now = asyncio.get_running_loop().time()
        kept = self._by_key.get(_key(endpoint), [])
        while kept:
            connection = kept.pop()
            del self._idle[connection]
            if connection.usable and now - connection.idle_since < IDLE_SECONDS:
                return connection
            connection.abort()
        return None

    def _keep(self, connection: Connection, endpoint: Endpoint) -> None:
        connection.idle_since = asyncio.get_running_loop().time()
        self._by_key.setdefault(_key(endpoint), []).append(connection)
        self._idle[connection] = _key(endpoint)
        while len(self._idle) > MOST_IDLE:
            oldest, key = self._idle.popitem(last=False)
            self._by_key[key].remove(oldest)
            if not self._by_key[key]:
                del self._by_key[key]
            oldest.abort()


def _request(endpoint: Endpoint, headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    port = "" if endpoint.port == DEFAULT_PORTS[endpoint.scheme] else f":{endpoint.port}"
    lines = [
        f"POST {endpoint.target} HTTP/1.1",
        f"Host: {endpoint.host}{port}",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _key(endpoint: Endpoint) -> Key:
    return endpoint.scheme, endpoint.host, endpoint.port


async def _addresses(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(RESOLVE_SECONDS):
        found = await loop.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
