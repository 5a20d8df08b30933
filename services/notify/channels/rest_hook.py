"""The channel rest-hook: POSTs a signed notification Bundle to the subscription's endpoint."""

import asyncio
import hashlib
import ssl
import time
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpcore2
import orjson

from services.notify.channels.guarded_network import AddressRefused, GuardedNetwork
from services.notify.domain.delivery import Delivery, Outcome, Result
from services.notify.domain.endpoints import Endpoint, EndpointRefused, EndpointRule, read_endpoint
from services.notify.domain.notification import Bases, Numbered, notification
from services.notify.domain.subscription import Subscription
from services.notify.domain.webhook_signature import signature_headers, still_signing

MOST_READ: Final = 64 * 1024
DRAIN_SECONDS: Final = 1.0
MOST_POOLS: Final = 500
IDLE_SECONDS: Final = 30.0


class RestHook:
    """Implements Channel and Greeter; one connection pool a host, so that no connection is shared between names."""

    def __init__(
        self, rules: tuple[EndpointRule, ...], bases: Bases, seconds: float, trust: ssl.SSLContext
    ) -> None:
        """Take the operator's rules, our addresses, the longest an attempt may take, and which certificates count."""
        self._rules, self._bases, self._seconds, self._trust = rules, bases, seconds, trust
        self._pools: OrderedDict[tuple[str, str, int], httpcore2.AsyncConnectionPool] = OrderedDict()

    async def send(self, delivery: Delivery, held: Subscription | None, now: datetime) -> Outcome:
        """Send one event; the webhook-id is the same at every attempt."""
        if held is None or delivery.number is None:
            raise ValueError("a rest-hook needs its subscription and a number")
        told = notification(
            "event-notification", held, [Numbered(delivery.number, delivery.event)], self._bases, now
        )
        return await self._post(held, f"msg_{delivery.id}", orjson.dumps(told), now)

    async def greet(self, held: Subscription, now: datetime) -> Outcome:
        """Send a handshake."""
        identity = hashlib.sha256(f"{held.id} {held.version}".encode()).hexdigest()[:32]
        told = notification("handshake", held, (), self._bases, now)
        return await self._post(held, f"msg_{identity}", orjson.dumps(told), now)

    async def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            await pool.aclose()
        self._pools.clear()

    async def _post(self, held: Subscription, webhook_id: str, body: bytes, now: datetime) -> Outcome:
        """Make one attempt within a wall-clock limit, whatever the other side does."""
        started = time.perf_counter()
        seconds = min(held.order.timeout or self._seconds, self._seconds)
        headers = {
            **dict(held.order.headers),
            **signature_headers(webhook_id, now, body, still_signing(held.secrets, now)),
            "Content-Type": held.order.resource["channel"]["payload"],
            "User-Agent": "samplan-notify",
        }
        try:
            endpoint = read_endpoint(held.order.endpoint, self._rules)
            async with asyncio.timeout(seconds):
                status, retry_after = await self._exchange(endpoint, headers, body)
            outcome = Outcome(_result_of(status), status, _seconds_of(retry_after, now))
        except (EndpointRefused, AddressRefused):
            outcome = Outcome(Result.ADDRESS_REFUSED)
        except (TimeoutError, httpcore2.TimeoutException):
            outcome = Outcome(Result.TIMEOUT)
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError, ssl.SSLError):
            outcome = Outcome(Result.UNREACHABLE)
        return Outcome(outcome.result, outcome.status, outcome.retry_after, time.perf_counter() - started)

    async def _exchange(
        self, endpoint: Endpoint, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, str | None]:
        """Send, and read the status; of the body so much that the connection can be used again, if it is short."""
        port = "" if endpoint.port in (80, 443) else f":{endpoint.port}"
        sent = [("Host", f"{endpoint.host}{port}"), ("Content-Length", str(len(body))), *headers.items()]
        url = f"{endpoint.scheme}://{endpoint.host}:{endpoint.port}{endpoint.target}"
        async with self._pool(endpoint).stream("POST", url, headers=sent, content=body) as answer:
            fields = {name.lower(): value for name, value in answer.headers}
            await _drain(answer)
        return answer.status, fields.get(b"retry-after", b"").decode("latin-1") or None

    def _pool(self, endpoint: Endpoint) -> httpcore2.AsyncConnectionPool:
        key = (endpoint.scheme, endpoint.host, endpoint.port)
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = httpcore2.AsyncConnectionPool(
                ssl_context=self._trust,
                max_connections=None,
                max_keepalive_connections=8,
                keepalive_expiry=IDLE_SECONDS,
                network_backend=GuardedNetwork(endpoint.rule),
            )
        self._pools.move_to_end(key)
        return pool


async def _drain(answer: httpcore2.Response) -> None:
    """Read a short body; one that is long or slow is left, and its connection closed."""
    read = 0
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            async for piece in answer.aiter_stream():
                read += len(piece)
                if read > MOST_READ:
                    return
    except (TimeoutError, httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException):
        return  # the status has been told; that alone counts


def _result_of(status: int) -> Result:
    if 200 <= status < 300:
        return Result.OK
    return Result.GONE if status == 410 else Result.REFUSED


def _seconds_of(retry_after: str | None, now: datetime) -> float | None:
    """Read Retry-After: seconds, or a date."""
    if not retry_after:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        at = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError, IndexError):
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())
