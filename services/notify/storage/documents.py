"""Events, deliveries and subscriptions as documents, and back."""

from typing import Any

import orjson

from services.notify.domain.delivery import Attempt, Delivery, Result, State
from services.notify.domain.filters import Filter
from services.notify.domain.record_event import RecordEvent
from services.notify.domain.subscription import Content, Order, Owner, Status, Subscription
from services.notify.domain.webhook_signature import Secret

Document = dict[str, Any]
ANYBODY = "*"


def event_document(event: RecordEvent) -> Document:
    """Write an event; `seq` and `parties` stand where they are asked for."""
    return {
        "source": event.source,
        "id": event.id,
        "type": event.type,
        "time": event.time,
        "focus": event.focus,
        "version": event.version,
        "person": event.person,
    }


def event_of(document: Document, seq: int, parties: tuple[str, ...] = ()) -> RecordEvent:
    """Read an event."""
    return RecordEvent(seq=seq, parties=parties, **document)


def delivery_document(row: Delivery) -> Document:
    """Write a pending delivery."""
    return {
        "_id": row.id,
        "lane": row.lane,
        "target": row.target,
        "queue": row.queue,
        "unit": row.owner.unit,
        "client": row.owner.client_id,
        "giver": row.owner.giver,
        "topic": row.topic,
        "event": event_document(row.event),
        "seq": row.event.seq,
        "arrived": row.arrived,
        "state": row.state.value,
        "attempts": [],
    }


def delivery_of(document: Document) -> Delivery:
    """Read a delivery."""
    return Delivery(
        id=document["_id"],
        lane=document["lane"],
        target=document["target"],
        queue=document["queue"],
        owner=_owner(document),
        topic=document["topic"],
        event=event_of(document["event"], document["seq"]),
        arrived=document["arrived"],
        state=State(document["state"]),
        number=document.get("number"),
        batch=document.get("batch"),
        attempts=tuple(attempt_of(one) for one in document["attempts"]),
    )


def attempt_document(attempt: Attempt) -> Document:
    """Write an attempt."""
    return {
        "at": attempt.at,
        "result": attempt.result.value,
        "status": attempt.status,
        "seconds": round(attempt.seconds, 3),
    }


def attempt_of(document: Document) -> Attempt:
    """Read an attempt."""
    return Attempt(document["at"], Result(document["result"]), document["status"], document["seconds"])


def subscription_document(held: Subscription) -> Document:
    """Write a subscription, but for its count, which only numbering changes."""
    order = held.order
    return {
        "version": held.version,
        "updated": held.updated,
        "unit": held.owner.unit,
        "client": held.owner.client_id,
        "giver": held.owner.giver,
        "status": held.status.value,
        "live": held.live,
        "error": held.error,
        "topic": order.topic,
        "persons": [ANYBODY] if order.filter.persons is None else sorted(order.filter.persons),
        "types": None if order.filter.types is None else sorted(order.filter.types),
        "endpoint": order.endpoint,
        "headers": [list(header) for header in order.headers],
        "content": order.content.value,
        "timeout": order.timeout,
        "heartbeat": order.heartbeat,
        "most_at_once": order.most_at_once,
        "end": order.end,
        "resource": orjson.dumps(order.resource),
        "secrets": [{"key": secret.key, "until": secret.until} for secret in held.secrets],
    }


def subscription_of(document: Document) -> Subscription:
    """Read a subscription."""
    persons, types = document["persons"], document["types"]
    order = Order(
        topic=document["topic"],
        filter=Filter(
            None if types is None else frozenset(types),
            None if persons == [ANYBODY] else frozenset(persons),
        ),
        endpoint=document["endpoint"],
        headers=tuple((name, value) for name, value in document["headers"]),
        content=Content(document["content"]),
        timeout=document["timeout"],
        heartbeat=document["heartbeat"],
        most_at_once=document["most_at_once"],
        end=document["end"],
        status=Status(document["status"]),
        resource=orjson.loads(document["resource"]),
    )
    return Subscription(
        id=document["_id"],
        version=document["version"],
        updated=document["updated"],
        owner=_owner(document),
        order=order,
        status=Status(document["status"]),
        live=document["live"],
        secrets=tuple(Secret(bytes(one["key"]), one["until"]) for one in document["secrets"]),
        count=document["count"],
        error=document["error"],
        told_at=document.get("told_at"),
    )


def _owner(document: Document) -> Owner:
    return Owner(document["unit"], document["client"], document.get("giver"))
