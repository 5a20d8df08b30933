"""The case that the tour tells: who takes part, and what has been made so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.demo.addresses import Addresses
from services.demo.county.facts import TourPerson
from services.demo.tour.page import Page
from services.demo.tour.party import Party
from services.demo.tour.webhook_receiver import Hook, WebhookReceiver


@dataclass(slots=True)
class Side:
    """One side's own system at notify: its subscription, and the webhook that is told."""

    system: Party
    hook: Hook
    subscription: str = ""


@dataclass(slots=True)
class Case:
    """Everything that one walk knows; steps add to it as they go."""

    page: Page
    addresses: Addresses
    receiver: WebhookReceiver
    parties: dict[str, Party]
    candidates: list[TourPerson]
    clock: Callable[[], datetime]
    sides: dict[str, Side] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    counters_before: dict[str, tuple[float, float]] = field(default_factory=dict)
    patience: float = 90.0  # seconds; a delivery that met a killed process is tried again


Step = Callable[[Case], None]


def entries(bundle: Any) -> list[Any]:
    """Give the resources in a Bundle."""
    return [one["resource"] for one in bundle.get("entry", []) if "resource" in one]
