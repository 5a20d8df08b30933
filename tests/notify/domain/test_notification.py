"""Notification Bundles: the shape that R4 Backport 1.1 asks for."""

from typing import Any

from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.notification import Bases, Numbered, notification, status_search_set
from services.notify.domain.subscription import Content, Status
from tests.notify.domain.made import NOW, held, record_event

BASES = Bases("https://samplan.test/fhir", "https://samplan.test/fhir")


def told(
    kind: str = "event-notification", content: Content = Content.ID_ONLY, **changed: Any
) -> dict[str, Any]:
    events = [Numbered(7, record_event(version=3))] if kind in {"event-notification", "query-event"} else []
    return notification(kind, held(content=content, **changed), events, BASES, NOW)


def parameters(bundle: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in bundle["entry"][0]["resource"]["parameter"]}


def test_every_bundle_is_fhir_as_an_independent_model_reads_it() -> None:
    for kind in ("handshake", "heartbeat", "event-notification", "query-event"):
        for content in Content:
            Bundle.model_validate(told(kind, content))
    Bundle.model_validate(status_search_set([held(), held(id="s2")], BASES, NOW))


def test_every_entry_of_a_notification_has_request_and_response() -> None:
    bundle = told()

    assert bundle["type"] == "history"
    assert all(entry["request"] and entry["response"] for entry in bundle["entry"])


def test_numbers_are_strings_and_codes_are_codes() -> None:
    found = parameters(told())

    assert found["events-since-subscription-start"]["valueString"] == "7"
    assert found["type"]["valueCode"] == "event-notification"
    assert found["status"]["valueCode"] == "active"
    assert found["topic"]["valueCanonical"] == "https://samplan.example/fhir/SubscriptionTopic/plan-changed"
    [number, at, focus] = found["notification-event"]["part"]
    assert number == {"name": "event-number", "valueString": "7"}
    assert at["valueInstant"] == "2026-11-02T08:00:00.000Z"
    assert focus["valueReference"] == {"reference": "https://samplan.test/fhir/CarePlan/c1"}


def test_an_id_only_notification_names_the_resource_and_holds_none() -> None:
    [_, entry] = told()["entry"]

    assert entry["fullUrl"] == "https://samplan.test/fhir/CarePlan/c1"
    assert entry["request"] == {"method": "PUT", "url": "CarePlan/c1"}
    assert "resource" not in entry


def test_an_empty_notification_tells_neither_topic_nor_focus() -> None:
    bundle = told(content=Content.EMPTY)

    assert len(bundle["entry"]) == 1
    assert "topic" not in parameters(bundle)
    assert [part["name"] for part in parameters(bundle)["notification-event"]["part"]] == [
        "event-number",
        "timestamp",
    ]


def test_a_handshake_is_of_a_requested_subscription_and_tells_of_no_event() -> None:
    found = parameters(told("handshake", status=Status.REQUESTED))

    assert found["status"]["valueCode"] == "requested"
    assert found["events-since-subscription-start"]["valueString"] == "0"
    assert "notification-event" not in found


def test_a_subscription_in_error_says_so_with_the_code_of_the_backport() -> None:
    [entry] = status_search_set([held(status=Status.ERROR, error="x", count=9)], BASES, NOW)["entry"]
    found = {one["name"]: one for one in entry["resource"]["parameter"]}

    assert found["error"]["valueCodeableConcept"]["coding"][0]["code"] == "no-response"
    assert found["events-since-subscription-start"]["valueString"] == "9"
    assert found["type"]["valueCode"] == "query-status"


def test_an_event_that_may_not_be_told_any_more_keeps_its_number_alone() -> None:
    bundle = notification("query-event", held(), [Numbered(3, record_event(), focus_told=False)], BASES, NOW)

    assert len(bundle["entry"]) == 1
    assert "CarePlan/c1" not in str(bundle)
    assert [part["name"] for part in parameters(bundle)["notification-event"]["part"]] == [
        "event-number",
        "timestamp",
    ]


@given(st.integers(1, 10**9))
def test_the_same_notification_is_the_same_at_every_attempt_but_for_its_time(number: int) -> None:
    numbered = [Numbered(number, record_event())]
    first = notification("event-notification", held(), numbered, BASES, NOW)
    again = notification("event-notification", held(count=number + 5), numbered, BASES, NOW)

    assert first == again
