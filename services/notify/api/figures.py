"""notify's metrics: what was taken, told, withheld, given up, and what waits. Labels come from short lists."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BUCKETS: Final = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 3600.0, 86_400.0)


class Figures:
    """Implements Tally."""

    def __init__(self, registry: CollectorRegistry, channels: Iterable[str] = ()) -> None:
        """Register the metrics; the names of channels are labels, and no others."""
        self._known = frozenset({*channels, "rest-hook", "inbox", "handshake", "heartbeat"})
        self._events = Counter(
            "notify_events", "Events by what became of them.", ("result",), registry=registry
        )
        self._deliveries = Counter(
            "notify_deliveries", "Deliveries that ended.", ("channel", "outcome"), registry=registry
        )
        self._attempts = Counter(
            "notify_delivery_attempts", "Attempts by result.", ("channel", "result"), registry=registry
        )
        self._seconds = Histogram(
            "notify_delivery_duration_seconds",
            "Time from an event's arrival to its delivery.",
            ("channel",),
            buckets=BUCKETS,
            registry=registry,
        )
        self._rights = Counter(
            "notify_right_to_know", "Answers of the record.", ("answer",), registry=registry
        )

    def event(self, result: str, count: int = 1) -> None:
        """Count events taken, repeated or refused."""
        self._events.labels(result).inc(count)

    def delivery(self, channel: str, state: str, seconds: float | None = None) -> None:
        """Count a delivery's end, and how long it took since the event arrived."""
        self._deliveries.labels(self._name(channel), state).inc()
        if seconds is not None and state == "delivered":
            self._seconds.labels(self._name(channel)).observe(max(0.0, seconds))

    def attempt(self, channel: str, result: str) -> None:
        """Count an attempt."""
        self._attempts.labels(self._name(channel), result).inc()

    def right(self, answer: str) -> None:
        """Count an answer of the record: allowed, refused or none."""
        self._rights.labels(answer).inc()

    def _name(self, channel: str) -> str:
        return channel if channel in self._known else "other"


class Backlog:
    """What waits, as the worker last saw it; every worker sees the same: take the maximum, not the sum."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register the gauges."""
        self._oldest = Gauge(
            "notify_oldest_pending_age_seconds", "Age of the oldest pending delivery.", registry=registry
        )
        self._dead = Gauge("notify_dead_letters", "Deliveries given up, up to 10,000.", registry=registry)
        self._open = Gauge("notify_breakers_open", "Endpoints left alone for a while.", registry=registry)

    def note(self, oldest: datetime | None, dead: int, breakers: int, now: datetime) -> None:
        """Show what was found."""
        self._oldest.set(max(0.0, (now - oldest).total_seconds()) if oldest else 0.0)
        self._dead.set(dead)
        self._open.set(breakers)
