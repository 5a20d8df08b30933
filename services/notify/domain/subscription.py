"""A subscription as notify keeps it, and as its owner reads it: what is secret is never read back."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from services.notify.domain.filters import Filter
from services.notify.domain.webhook_signature import Secret

BACKPORT: Final = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
WEBHOOK_SECRET: Final = "https://samplan.example/fhir/StructureDefinition/webhook-secret"  # noqa: S105 - a URL
HIDDEN: Final = "******"


class Status(StrEnum):
    """Where a subscription stands: asked for, in use, failed, ended (FHIR's codes)."""

    REQUESTED = "requested"
    ACTIVE = "active"
    ERROR = "error"
    OFF = "off"


class Content(StrEnum):
    """How much a notification says (backport-payload-content)."""

    EMPTY = "empty"
    ID_ONLY = "id-only"
    FULL = "full-resource"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a subscription: the unit that is told, and the client that may change it.

    `giver` is the unit's care giver, whose access log tells what was sent in full.
    """

    unit: str
    client_id: str
    giver: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a client asks for, understood and found to be supported."""

    topic: str
    filter: Filter
    endpoint: str
    headers: tuple[tuple[str, str], ...]
    content: Content
    timeout: float | None
    heartbeat: int | None
    most_at_once: int
    end: datetime | None
    status: Status
    resource: dict[str, Any]

    @property
    def is_native(self) -> bool:
        """Say whether its criteria are R4's own (CarePlan?…) and not a topic."""
        return self.topic.endswith("?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A subscription: its order, its owner, its keys, and what has become of it.

    `live` says that events are counted for it: from the first handshake on, also while it is in error.
    `count` is the number of the latest event it was told of, or would have been; `told_at` is when it last took
    something, kept where heartbeats are wanted.
    """

    id: str
    version: int
    updated: datetime
    owner: Owner
    order: Order
    status: Status
    live: bool
    secrets: tuple[Secret, ...]
    count: int = 0
    error: str | None = None
    told_at: datetime | None = None

    @property
    def target(self) -> str:
        """Its name among those who are told."""
        return f"Subscription/{self.id}"

    @property
    def queue(self) -> str:
        """Where its deliveries wait: those to one endpoint share its fate."""
        return f"rest-hook {self.order.endpoint}"

    def is_over(self, now: datetime) -> bool:
        """Say whether its end has passed."""
        return self.order.end is not None and self.order.end <= now


def rendered(held: Subscription) -> dict[str, Any]:
    """Write the resource as its owner reads it."""
    asked = held.order.resource
    channel = dict(asked["channel"])
    if held.order.headers:
        channel["header"] = [f"{name}: {HIDDEN}" for name, _ in held.order.headers]
    updated = held.updated.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    resource = {
        "resourceType": "Subscription",
        "id": held.id,
        "meta": {**asked.get("meta", {}), "versionId": str(held.version), "lastUpdated": updated},
        **{
            name: value
            for name, value in asked.items()
            if name not in {"resourceType", "id", "meta", "channel"}
        },
        "status": held.status.value,
        "channel": channel,
    }
    if held.error:
        resource["error"] = held.error
    return resource


def with_secret(resource: dict[str, Any], secret: Secret) -> dict[str, Any]:
    """Add the signing secret to what is answered; this is the only time that anybody can read it."""
    channel = resource["channel"]
    told = {"url": WEBHOOK_SECRET, "valueString": secret.spoken()}
    return {**resource, "channel": {**channel, "extension": [*channel.get("extension", []), told]}}


def keeping_hidden(order: Order, before: Order) -> Order:
    """Take header values that came back as they are shown from what was held before."""
    held = {name.lower(): value for name, value in before.headers}
    kept = tuple(
        (name, held.get(name.lower(), value) if value == HIDDEN else value) for name, value in order.headers
    )
    return replace(order, headers=kept)
