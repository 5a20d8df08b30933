"""The relay: takes versions from the outbox in each person's order and hands their events to notify."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import httpx2
import orjson
from authlib.integrations.base_client import OAuthError
from prometheus_client import Counter, Gauge

from services.chassis.service_token import ServiceToken
from services.sip.outbound.cloud_event import cloud_events

log = logging.getLogger(__name__)

BATCH: Final = 100
PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 5.0)  # seconds after the first, second … failure in a row
PARK_AFTER: Final = 5
"""How often notify may refuse one event before it is parked, told about, and others go on."""


class Outbox(Protocol):
    """The unsent versions, as storage keeps them."""

    async def lead(self) -> bool:
        """Take or keep the lease: one relay works, others stand by."""

    async def stand_down(self) -> None:
        """Give the lease back, so that another relay goes on at once."""

    async def unsent(self, count: int) -> Sequence[Mapping[str, Any]]:
        """Give the oldest unsent versions, each person's in order."""

    async def mark_sent(self, ids: Sequence[str]) -> None:
        """Take these out of the outbox."""

    async def refused(self, version_id: str, reason: str, park_after: int) -> bool:
        """Count a refusal; true when the version is now parked."""

    async def changed(self, within: float) -> None:
        """Return when something may be in the outbox, or after that many seconds."""

    async def state(self) -> tuple[int, float, int]:
        """Give how many are unsent, the oldest one's age in seconds, and how many are parked."""


@dataclass(frozen=True, slots=True)
class RelayMetrics:
    """What the relay tells about itself."""

    sent: Counter
    failures: Counter
    waiting: Gauge
    oldest: Gauge
    parked: Gauge


class Relay:
    """Sends until told to stop; whatever kills it, an event is sent again, under the same id, and none is left."""

    def __init__(
        self, outbox: Outbox, token: ServiceToken, notify_url: str, source: str, metrics: RelayMetrics
    ) -> None:
        """Take the outbox, our token towards notify, its address, and the source that our events name."""
        self._outbox, self._token, self._metrics = outbox, token, metrics
        self._url, self._source = f"{notify_url.rstrip('/')}/events", source
        self._failures = 0

    async def run(self, poll: float) -> None:
        """Work for ever, woken by changes, looking every `poll` seconds at the latest."""
        async with httpx2.AsyncClient(trust_env=False, timeout=10.0) as client:
            while True:
                try:
                    busy = await self._outbox.lead() and await self._round(client)
                    await self._tell()
                    if not busy:
                        await self._outbox.changed(poll)
                except asyncio.CancelledError:
                    await self._outbox.stand_down()
                    raise
                except Exception as failure:  # noqa: BLE001 - the relay outlives whatever happens
                    log.warning("relay_round_failed", extra={"reason": type(failure).__name__})
                    await self._pause()

    async def _round(self, client: httpx2.AsyncClient) -> bool:
        """Send one batch; true when there was one and it went well, so that there may be more."""
        rows = await self._outbox.unsent(BATCH)
        if not rows:
            return False
        events = {event["id"]: row["_id"] for row in rows for event in cloud_events(row, self._source)}
        body = [event for row in rows for event in cloud_events(row, self._source)]
        answer = await self._post(client, body)
        if answer is None:
            await self._pause()
            return False
        self._failures = 0
        refused = {
            one["id"]: str(one.get("detail", "")) for one in answer.get("refused", []) if one["id"] in events
        }
        held_back = {events[event_id] for event_id in refused}
        await self._outbox.mark_sent([row["_id"] for row in rows if row["_id"] not in held_back])
        self._metrics.sent.inc(len(events) - len(refused))
        for event_id, reason in refused.items():
            if await self._outbox.refused(events[event_id], reason[:200], PARK_AFTER):
                log.error("event_parked", extra={"event_id": event_id})
        return not refused

    async def _post(
        self, client: httpx2.AsyncClient, body: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any] | None:
        """Give notify's answer, or None when there is none that counts."""
        try:
            headers = {
                "Authorization": f"Bearer {await self._token.bearer()}",
                "Content-Type": "application/cloudevents-batch+json",
            }
            answer = await client.post(self._url, content=orjson.dumps(body), headers=headers)
        except (httpx2.HTTPError, OAuthError, OSError) as failure:
            self._failed(type(failure).__name__)
            return None
        if answer.status_code == 401:
            self._token.forget()
        if answer.status_code != 202:
            self._failed(f"status {answer.status_code}")
            return None
        result: dict[str, Any] = orjson.loads(answer.content)
        return result

    def _failed(self, reason: str) -> None:
        self._metrics.failures.inc()
        log.warning("notify_not_reached", extra={"reason": reason})

    async def _pause(self) -> None:
        await asyncio.sleep(PAUSES[min(self._failures, len(PAUSES) - 1)])
        self._failures += 1

    async def _tell(self) -> None:
        waiting, oldest, parked = await self._outbox.state()
        self._metrics.waiting.set(waiting)
        self._metrics.oldest.set(oldest)
        self._metrics.parked.set(parked)


def relay_metrics(registry: Any) -> RelayMetrics:
    """Register the relay's metrics."""
    return RelayMetrics(
        Counter("sip_outbox_events_sent", "Events that notify has taken.", registry=registry),
        Counter("sip_outbox_send_failures", "Tries at which notify was not reached.", registry=registry),
        Gauge("sip_outbox_waiting", "Versions whose events notify has not taken yet.", registry=registry),
        Gauge("sip_outbox_oldest_age_seconds", "Age of the oldest of them.", registry=registry),
        Gauge("sip_outbox_parked", "Versions whose events notify refuses, set aside.", registry=registry),
    )
