"""Reads a Subscription resource (R4, topic-based Backport 1.1); refuses, and tells, what is not supported."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from services.notify.domain.channel_order import read_channel
from services.notify.domain.endpoints import EndpointRule
from services.notify.domain.errors import SubscriptionRefused
from services.notify.domain.filters import Filter, FilterRefused, all_of, read_filter, read_native
from services.notify.domain.findings import Findings
from services.notify.domain.subscription import BACKPORT, Order, Status
from services.notify.domain.topics import TOPICS, Topic

KNOWN: Final = frozenset(
    {
        *("resourceType", "id", "meta", "implicitRules", "language", "text", "extension"),
        *("status", "contact", "end", "reason", "criteria", "_criteria", "error", "channel"),
    }
)
DROPPED: Final = frozenset({"text", "error", "status"})
OTHER_VERSIONS: Final = ("http://hl7.org/fhir/4.3/", "http://hl7.org/fhir/5.0/", "http://hl7.org/fhir/6.0/")
MOST_FILTERS: Final = 10


def read_order(resource: object, rules: Iterable[EndpointRule]) -> Order:
    """Understand what the client asks for, or raise SubscriptionRefused with everything that is wrong."""
    findings = Findings()
    if not isinstance(resource, dict) or resource.get("resourceType") != "Subscription":
        findings.refuse("structure", "The body must be a Subscription.", "Subscription.resourceType")
        raise SubscriptionRefused(findings.issues)
    _check_top(resource, findings)
    topic, found = _criteria(resource, findings)
    end = _end(resource, findings)
    status = _status(resource, findings)
    native = bool(topic and topic.endswith("?"))
    channel = read_channel(resource.get("channel"), rules, findings, native=native)
    if findings.issues or not (topic and channel and channel.endpoint and channel.content):
        raise SubscriptionRefused(findings.issues)
    return Order(
        topic=topic,
        filter=found,
        endpoint=channel.endpoint,
        headers=channel.headers,
        content=channel.content,
        timeout=channel.timeout,
        heartbeat=channel.heartbeat,
        most_at_once=channel.most_at_once,
        end=end,
        status=status,
        resource=_kept(resource),
    )


def _check_top(resource: Mapping[str, Any], findings: Findings) -> None:
    findings.only(resource, KNOWN, "Subscription")
    findings.required_text(resource, "reason", "Subscription")
    findings.objects(resource, "contact", "Subscription")
    for extension in findings.objects(resource, "extension", "Subscription"):
        if str(extension.get("url")).startswith(OTHER_VERSIONS):
            text = "Extensions of another FHIR version are not supported; use those of the Backport for R4."
            findings.refuse("not-supported", text, "Subscription.extension")
    for name in ("meta", "_criteria"):
        if not isinstance(resource.get(name, {}), dict):
            findings.refuse("structure", f"{name} must be an object.", f"Subscription.{name}")


def _criteria(resource: Mapping[str, Any], findings: Findings) -> tuple[str | None, Filter]:
    """Read what is subscribed to: a topic with filters, or a search in R4's own way."""
    text, path = findings.required_text(resource, "criteria", "Subscription"), "Subscription.criteria"
    topic = TOPICS.get(text or "")
    if topic or not text:
        return (topic.url if topic else None), _filter(resource, topic, findings)
    try:
        native = read_native(text)
    except FilterRefused as refused:
        findings.refuse("not-supported", f"criteria: {refused}", path)
        return None, Filter()
    if native is None:
        known = ", ".join([*TOPICS, "CarePlan?patient=Patient/<id>", "CareTeam?patient=Patient/<id>"])
        findings.refuse("not-supported", f"criteria must be one of the topics or searches {known}.", path)
        return None, Filter()
    if "_criteria" in resource:
        findings.refuse("not-supported", "Filters beside the criteria belong to topics alone.", path)
    return native


def _filter(resource: Mapping[str, Any], topic: Topic | None, findings: Findings) -> Filter:
    beside, path = resource.get("_criteria", {}), "Subscription.criteria"
    extensions = findings.objects(beside if isinstance(beside, dict) else {}, "extension", path)
    filters = []
    for extension in extensions[:MOST_FILTERS]:
        text = extension.get("valueString")
        if extension.get("url") != f"{BACKPORT}backport-filter-criteria" or not isinstance(text, str):
            findings.refuse(
                "not-supported", "criteria takes backport-filter-criteria alone.", f"{path}.extension"
            )
        elif topic:
            try:
                filters.append(read_filter(text, topic))
            except FilterRefused as refused:
                findings.refuse("not-supported", str(refused), f"{path}.extension")
    if len(extensions) > MOST_FILTERS:
        findings.refuse("too-costly", f"Give at most {MOST_FILTERS} filters.", f"{path}.extension")
    return all_of(filters)


def _end(resource: Mapping[str, Any], findings: Findings) -> datetime | None:
    text = findings.text(resource, "end", "Subscription")
    if text is None:
        return None
    try:
        end = datetime.fromisoformat(text)
    except ValueError:
        end = None
    if end is None or end.tzinfo is None or "T" not in text:
        findings.refuse("value", "end must be an instant, such as 2027-01-01T00:00:00Z.", "Subscription.end")
        return None
    return end


def _status(resource: Mapping[str, Any], findings: Findings) -> Status:
    asked = resource.get("status")
    if asked not in {Status.REQUESTED, Status.ACTIVE, Status.OFF}:
        text = "status must be requested; on a subscription of yours also active or off."
        findings.refuse("value", text, "Subscription.status")
        return Status.REQUESTED
    return Status(asked)


def _kept(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what the server sets or keeps apart: status, error, narrative, and the headers' values."""
    channel = {name: value for name, value in resource["channel"].items() if name != "header"}
    meta = {name: value for name, value in resource.get("meta", {}).items() if name == "profile"}
    kept = {name: value for name, value in resource.items() if name not in DROPPED}
    return {**kept, "meta": meta, "channel": channel}
