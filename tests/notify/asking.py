"""Talks to a notify under test as its clients do: over HTTP, with real tokens."""

import time
import uuid
from collections.abc import Callable
from typing import Any, Literal, TypeVar

import httpx2

from tests.issuer import TestIssuer
from tests.recording import recording_hooks

T = TypeVar("T")

BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
TOPIC = "https://samplan.example/fhir/SubscriptionTopic/plan-changed"
SECRET = "https://samplan.example/fhir/StructureDefinition/webhook-secret"
UNIT = "SE2321000016-1001"
OTHER_UNIT = "SE2120001439-2001"
FHIR_JSON = "application/fhir+json"
ONE_EVENT = "application/cloudevents+json"
MANY_EVENTS = "application/cloudevents-batch+json"


def eventually(ask: Callable[[], T | Literal[False]], *, seconds: float = 10.0) -> T:
    """Ask again until the answer is truthy, and give it."""
    until = time.monotonic() + seconds
    while not (found := ask()):
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s")
        time.sleep(0.02)
    return found


def event(
    kind: str = "plan.activated",
    *,
    person: str = "Patient/p1",
    seq: int = 1,
    focus: str | None = None,
    **data: Any,
) -> dict[str, Any]:
    """Make an event as sip's relay sends it."""
    about = focus or f"CarePlan/{uuid.uuid4().hex}"
    version = data.pop("version", 1)
    return {
        "specversion": "1.0",
        "id": f"{about}/{version}#{kind}",
        "source": "https://samplan.test/fhir",
        "type": f"se.samplan.{kind}",
        "time": "2026-11-02T08:00:00.000Z",
        "subject": about,
        "datacontenttype": "application/json",
        "dataschema": "https://samplan.example/events/record-event/1",
        "data": {"focus": about, "version": version, "person": person, "seq": seq, "parties": [UNIT], **data},
    }


def subscription(endpoint: str, **changed: Any) -> dict[str, Any]:
    """Make a Subscription that is in order, but for the elements given."""
    channel = {
        "type": "rest-hook",
        "endpoint": endpoint,
        "payload": FHIR_JSON,
        "_payload": {"extension": [{"url": f"{BACKPORT}backport-payload-content", "valueCode": "id-only"}]},
        **changed.pop("channel", {}),
    }
    return {
        "resourceType": "Subscription",
        "meta": {"profile": [f"{BACKPORT}backport-subscription"]},
        "status": "requested",
        "reason": "Plans of our residents",
        "criteria": TOPIC,
        "channel": channel,
        **changed,
    }


def with_filter(text: str) -> dict[str, Any]:
    """Give the elements that add a filter."""
    return {"_criteria": {"extension": [{"url": f"{BACKPORT}backport-filter-criteria", "valueString": text}]}}


class Client:
    """One client of notify; a unit's system, or sip's relay."""

    def __init__(self, url: str, issuer: TestIssuer, **claims: Any) -> None:
        hooks = recording_hooks()
        self._http = httpx2.Client(base_url=url, trust_env=False, timeout=30, event_hooks=hooks)
        self._issuer = issuer
        self._claims = {
            "scope": "system/Subscription.cruds system/*.rs system/event.c",
            "healthcareUnitHsaId": UNIT,
            "client_id": "ehr",
            **claims,
        }

    def __call__(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = {**self._issuer.headers(**self._claims), **options.pop("headers", {})}
        return self._http.request(method, path, headers=headers, **options)

    def close(self) -> None:
        self._http.close()

    def post_event(self, told: dict[str, Any]) -> httpx2.Response:
        return self("POST", "/events", json=told, headers={"Content-Type": ONE_EVENT})

    def post_events(self, told: list[Any]) -> httpx2.Response:
        return self("POST", "/events", json=told, headers={"Content-Type": MANY_EVENTS})

    def subscribe(self, endpoint: str, *, wait: bool = True, **changed: Any) -> dict[str, Any]:
        """Create a subscription and wait until it is active."""
        answer = self("POST", "/fhir/Subscription", json=subscription(endpoint, **changed))
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        if wait:
            eventually(lambda: self.read(made["id"])["status"] == "active")
        return made

    def read(self, subscription_id: str) -> dict[str, Any]:
        answer = self("GET", f"/fhir/Subscription/{subscription_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def inbox(self, **query: Any) -> dict[str, Any]:
        answer = self("GET", "/api/v1/inbox", params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def deliveries(self, **query: Any) -> list[dict[str, Any]]:
        answer = self("GET", "/api/v1/deliveries", params=query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["deliveries"]
        return found


def secret_of(made: dict[str, Any]) -> str:
    """Read the signing secret from the answer to a create."""
    [told] = [one["valueString"] for one in made["channel"]["extension"] if one["url"] == SECRET]
    assert isinstance(told, str)
    return told
