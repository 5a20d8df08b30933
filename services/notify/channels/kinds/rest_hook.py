"""The channel rest-hook: POSTs a signed notification Bundle to the subscription's endpoint."""

import asyncio
import hashlib
import ssl
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import orjson

from services.notify.channels.connection import ConnectionBroken
from services.notify.channels.connections import AddressRefused, Connections
from services.notify.channels.parts import Parts
from services.notify.domain.delivery import Delivery, Letter, Outcome, Result
from services.notify.domain.endpoints import EndpointRefused, EndpointRule, read_endpoint
from services.notify.domain.notification import Bases, Numbered, notification
from services.notify.domain.subscription import Subscription
from services.notify.domain.webhook_signature import signature_headers, still_signing

NAME: Final = "rest-hook"


def channel(parts: Parts) -> "RestHook":
    """Make the channel."""
    return RestHook(parts.rules, parts.bases, parts.seconds, parts.trust)


class RestHook:
    """Implements Channel and Greeter."""

    def __init__(
        self, rules: tuple[EndpointRule, ...], bases: Bases, seconds: float, trust: ssl.SSLContext
    ) -> None:
        """Take the operator's rules, our addresses, the longest an attempt may take, which certificates count."""
        self._rules, self._bases, self._seconds = rules, bases, seconds
        self._connections = Connections(trust)

    def most(self, held: Subscription | None) -> int:
        """As many as the subscription takes at once (backport-max-count)."""
        return held.order.most_at_once if held else 1

    async def pause(self, _delivery: Delivery, _now: datetime) -> float | None:
        """At once."""
        return 0.0

    async def send(self, letters: Sequence[Letter], held: Subscription | None, now: datetime) -> Outcome:
        """Send the events; the webhook-id is the same at every attempt."""
        if held is None:
            raise ValueError("a rest-hook needs its subscription")
        body = native_body(letters) if held.order.is_native else self._told(letters, held, now)
        return await self._post(held, letters[0].delivery.webhook_id, body, now)

    def _told(self, letters: Sequence[Letter], held: Subscription, now: datetime) -> bytes:
        events = [
            Numbered(one.delivery.number or 0, one.delivery.event, resource=one.resource) for one in letters
        ]
        return orjson.dumps(notification("event-notification", held, events, self._bases, now))

    async def greet(self, held: Subscription, now: datetime) -> Outcome:
        """Send a handshake."""
        if held.order.is_native:
            return Outcome(Result.OK)  # R4's own subscriptions know no handshake
        identity = hashlib.sha256(f"{held.id} {held.version}".encode()).hexdigest()[:32]
        told = notification("handshake", held, (), self._bases, now)
        return await self._post(held, f"msg_{identity}", orjson.dumps(told), now)

    async def beat(self, held: Subscription, now: datetime) -> Outcome:
        """Send a heartbeat."""
        identity = hashlib.sha256(f"{held.id} {now.isoformat()}".encode()).hexdigest()[:32]
        told = notification("heartbeat", held, (), self._bases, now)
        return await self._post(held, f"msg_{identity}", orjson.dumps(told), now)

    async def close(self) -> None:
        """Close all connections."""
        await self._connections.close()

    async def _post(self, held: Subscription, webhook_id: str, body: bytes, now: datetime) -> Outcome:
        """Make one attempt within a wall-clock limit, whatever the other side does."""
        started = time.perf_counter()
        seconds = min(held.order.timeout or self._seconds, self._seconds)
        headers = {
            **dict(held.order.headers),
            **signature_headers(webhook_id, now, body, still_signing(held.secrets, now)),
            "Content-Type": held.order.resource["channel"].get("payload", "application/fhir+json"),
            "User-Agent": "samplan-notify",
        }
        try:
            endpoint = read_endpoint(held.order.endpoint, self._rules)
            async with asyncio.timeout(seconds):
                answer = await self._connections.post(endpoint, headers.items(), body)
            wait = _seconds_of(answer.headers.get(b"retry-after", b"").decode("latin-1"), now)
            outcome = Outcome(_result_of(answer.status), answer.status, wait)
        except (EndpointRefused, AddressRefused):
            outcome = Outcome(Result.ADDRESS_REFUSED)
        except TimeoutError:
            outcome = Outcome(Result.TIMEOUT)
        except (ConnectionBroken, OSError, UnicodeError):
            outcome = Outcome(Result.UNREACHABLE)
        return Outcome(outcome.result, outcome.status, outcome.retry_after, time.perf_counter() - started)


def native_body(letters: Sequence[Letter]) -> bytes:
    """Give the resource as it is, or nothing where the subscription asks for no payload."""
    resource = letters[0].resource
    return orjson.dumps(resource) if resource else b""


def _result_of(status: int) -> Result:
    if 200 <= status < 300:
        return Result.OK
    return Result.GONE if status == 410 else Result.REFUSED


def _seconds_of(retry_after: str, now: datetime) -> float | None:
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
