"""Notification Bundles, R4 Backport 1.1: what a receiver is sent, and what $status and $events answer."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from services.notify.domain.record_event import RecordEvent
from services.notify.domain.subscription import Content, Subscription

PROFILES: Final = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
NO_RESPONSE: Final = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/subscription-error", "code": "no-response"}],
    "text": "The endpoint did not take a notification.",
}


@dataclass(frozen=True, slots=True)
class Bases:
    """The record's FHIR base, on which focus references stand, and the one that serves Subscription."""

    record: str
    subscriptions: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """An event with its number in a subscription; `focus_told` is false where the right to know has ended.

    `resource` is the focus itself, where the whole of it is told.
    """

    number: int
    event: RecordEvent
    focus_told: bool = True
    resource: dict[str, Any] | None = None


def instant(at: datetime) -> str:
    """Write a time as FHIR's instant, in milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def notification(
    kind: str, held: Subscription, events: Sequence[Numbered], bases: Bases, at: datetime
) -> dict[str, Any]:
    """Build a handshake, heartbeat, event-notification or query-event Bundle."""
    first = _status_entry(kind, held, events, bases)
    others = []
    if held.order.content is not Content.EMPTY:
        others = [_focus_entry(one, bases) for one in _newest(events) if one.focus_told]
    return {
        "resourceType": "Bundle",
        "id": _stable_id(held, kind, events),
        "meta": {"profile": [f"{PROFILES}backport-subscription-notification-r4"]},
        "type": "history",
        "timestamp": instant(at),
        "entry": [first, *others],
    }


def status_search_set(held: Sequence[Subscription], bases: Bases, at: datetime) -> dict[str, Any]:
    """Build the answer of $status: a searchset of status Parameters, one for each subscription."""
    entries = [
        {
            "fullUrl": f"urn:uuid:{_stable_id(one, 'query-status', ())}",
            "resource": _status_parameters("query-status", one, (), bases),
            "search": {"mode": "match"},
        }
        for one in held
    ]
    bundle = {"resourceType": "Bundle", "type": "searchset", "timestamp": instant(at), "total": len(entries)}
    return {**bundle, "entry": entries} if entries else bundle


def _status_entry(kind: str, held: Subscription, events: Sequence[Numbered], bases: Bases) -> dict[str, Any]:
    return {
        "fullUrl": f"urn:uuid:{_stable_id(held, f'{kind} status', events)}",
        "resource": _status_parameters(kind, held, events, bases),
        "request": {"method": "GET", "url": f"{bases.subscriptions}/Subscription/{held.id}/$status"},
        "response": {"status": "200"},
    }


def _status_parameters(
    kind: str, held: Subscription, events: Sequence[Numbered], bases: Bases
) -> dict[str, Any]:
    reference = f"{bases.subscriptions}/Subscription/{held.id}"
    parameter: list[dict[str, Any]] = [{"name": "subscription", "valueReference": {"reference": reference}}]
    if held.order.content is not Content.EMPTY:
        parameter.append({"name": "topic", "valueCanonical": held.order.topic})
    count = (
        max([held.count, *(one.number for one in events)])
        if kind != "event-notification"
        else events[-1].number
    )
    parameter += [
        {"name": "status", "valueCode": held.status.value},
        {"name": "type", "valueCode": kind},
        {"name": "events-since-subscription-start", "valueString": str(count)},
        *(_event_parameter(one, held.order.content, bases) for one in events),
    ]
    if held.error:
        parameter.append({"name": "error", "valueCodeableConcept": NO_RESPONSE})
    return {
        "resourceType": "Parameters",
        "id": _stable_id(held, f"{kind} status", events),
        "meta": {"profile": [f"{PROFILES}backport-subscription-status-r4"]},
        "parameter": parameter,
    }


def _event_parameter(one: Numbered, content: Content, bases: Bases) -> dict[str, Any]:
    part: list[dict[str, Any]] = [
        {"name": "event-number", "valueString": str(one.number)},
        {"name": "timestamp", "valueInstant": instant(one.event.time)},
    ]
    if content is not Content.EMPTY and one.focus_told:
        reference = {"reference": f"{bases.record}/{one.event.focus}"}
        part.append({"name": "focus", "valueReference": reference})
    return {"name": "notification-event", "part": part}


def _newest(events: Sequence[Numbered]) -> list[Numbered]:
    """Leave one entry for each focus, the last: a Bundle may not name the same version twice (bdl-7)."""
    return list({one.event.focus: one for one in events}.values())


def _focus_entry(one: Numbered, bases: Bases) -> dict[str, Any]:
    """Name the resource in focus and how it came to be; where it is not told here it is read from the record."""
    event = one.event
    created = event.version == 1
    return {
        "fullUrl": f"{bases.record}/{event.focus}",
        **({"resource": one.resource} if one.resource else {}),
        "request": {"method": "POST", "url": event.focus_type}
        if created
        else {"method": "PUT", "url": event.focus},
        "response": {"status": "201" if created else "200"},
    }


def _stable_id(held: Subscription, kind: str, events: Sequence[Numbered]) -> str:
    """Give the same id at every attempt to send the same thing."""
    numbers = ",".join(str(one.number) for one in events) or str(held.count)
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{held.id} {kind} {numbers}"))
