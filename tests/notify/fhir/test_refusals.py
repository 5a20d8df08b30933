"""Subscriptions that are refused: everything unsupported, each with what and where."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.notify.main.api import build_api
from tests.issuer import TestIssuer
from tests.loopback import LoopbackServer
from tests.notify.asking import BACKPORT, FHIR_JSON, Client, subscription, with_filter
from tests.notify.conftest import settings_of
from tests.notify.record_stand_in import RecordStandIn

HOOK = "http://127.0.0.1:9/hook"


@pytest.fixture(scope="module")
def client(mongo_url: str, issuer: TestIssuer) -> Iterator[Client]:
    """One api for all of them: none leaves anything behind."""
    with (
        RecordStandIn() as record,
        LoopbackServer(build_api(settings_of(mongo_url, issuer, record.url))) as api,
    ):
        made = Client(api.url, issuer)
        yield made
        assert made("GET", "/fhir/Subscription").json()["total"] == 0
        made.close()


def extension(name: str, **value: Any) -> dict[str, Any]:
    return {"url": f"{BACKPORT}{name}", **value}


def payload_content(code: str) -> dict[str, Any]:
    return {"_payload": {"extension": [extension("backport-payload-content", valueCode=code)]}}


UNSUPPORTED: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown topic": ({"criteria": "https://other.test/topic"}, "Subscription.criteria"),
    "criteria that cannot be read": ({"criteria": "CarePlan?status=active"}, "Subscription.criteria"),
    "an unsupported filter": (with_filter("CarePlan?status=active"), "Subscription.criteria.extension"),
    "a filter on a type the topic never tells of": (
        with_filter("Observation?patient=Patient/1"),
        "Subscription.criteria.extension",
    ),
    "another channel": ({"channel": {"type": "websocket"}}, "Subscription.channel.type"),
    "a custom channel": (
        {
            "channel": {
                "_type": {"extension": [extension("backport-channel-type", valueCoding={"code": "zulip"})]}
            }
        },
        "Subscription.channel.type",
    ),
    "an endpoint that is not allowed": (
        {"channel": {"endpoint": "https://other.test/"}},
        "Subscription.channel.endpoint",
    ),
    "a link-local endpoint": (
        {"channel": {"endpoint": "http://169.254.169.254/latest"}},
        "Subscription.channel.endpoint",
    ),
    "another payload": ({"channel": {"payload": "application/fhir+xml"}}, "Subscription.channel.payload"),
    "no payload": ({"channel": {"payload": None}}, "Subscription.channel.payload"),
    "another payload content": (
        {"channel": payload_content("everything")},
        "Subscription.channel.payload.extension",
    ),
    "an unknown payload content": (
        {"channel": payload_content("all")},
        "Subscription.channel.payload.extension",
    ),
    "no payload content": ({"channel": {"_payload": {}}}, "Subscription.channel.payload.extension"),
    "two payload contents": (
        {
            "channel": {
                "_payload": {"extension": [*payload_content("empty")["_payload"]["extension"]] * 2},
            }
        },
        "Subscription.channel.payload.extension",
    ),
    "an extension of another FHIR version": (
        {"extension": [{"url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-Subscription.topic"}]},
        "Subscription.extension",
    ),
    "a header of ours": ({"channel": {"header": ["Webhook-Id: 1"]}}, "Subscription.channel.header"),
    "a header that would begin another": (
        {"channel": {"header": ["X-Key: a\r\nHost: evil"]}},
        "Subscription.channel.header",
    ),
    "a timeout below one": (
        {"channel": {"extension": [extension("backport-timeout", valueUnsignedInt=0)]}},
        "Subscription.channel.extension",
    ),
    "an end that has passed": ({"end": "2020-01-01T00:00:00Z"}, "Subscription.end"),
    "an end without time zone": ({"end": "2030-01-01T00:00:00"}, "Subscription.end"),
    "a status only the server sets": ({"status": "active"}, "Subscription.status"),
    "no reason": ({"reason": None}, "Subscription.reason"),
    "no criteria": ({"criteria": None}, "Subscription.criteria"),
    "no channel": ({"channel": None}, "Subscription.channel"),
    "a contained resource": ({"contained": [{"resourceType": "Patient"}]}, "Subscription.contained"),
    "a modifier": ({"modifierExtension": [{"url": "x"}]}, "Subscription.modifierExtension"),
    "another resource": ({"resourceType": "Patient"}, "Subscription.resourceType"),
}


@pytest.mark.parametrize("named", UNSUPPORTED)
def test_what_is_not_supported_is_refused_with_its_place(client: Client, named: str) -> None:
    changed, where = UNSUPPORTED[named]
    resource = subscription(HOOK)
    for name, value in changed.items():
        if name == "channel" and isinstance(value, dict):
            resource["channel"] |= value
        else:
            resource[name] = value
    if isinstance(resource["channel"], dict):
        resource["channel"] = {
            name: value for name, value in resource["channel"].items() if value is not None
        }
    resource = {name: value for name, value in resource.items() if value is not None}

    answer = client("POST", "/fhir/Subscription", json=resource)

    assert answer.status_code == 422, answer.text
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert where in [place for issue in outcome["issue"] for place in issue.get("expression", [])]
    assert all(issue["details"]["text"] for issue in outcome["issue"])


def test_everything_that_is_wrong_is_told_at_once(client: Client) -> None:
    resource = subscription("https://other.test/", criteria="x", end="y", reason="")

    outcome = client("POST", "/fhir/Subscription", json=resource).json()

    assert len(outcome["issue"]) == 4


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'{"resourceType":"Subscription","resourceType":"Subscription"}', 400),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400),
        (b'{"x":NaN}', 400),
        (b'"' + b"a" * 100_000 + b'"', 413),
        (b'{"resourceType":"Subscription","channel":{"extension":{"$ne":1},"header":{},"_payload":[]}}', 422),
        (b'{"resourceType":"Subscription","_criteria":[],"meta":[],"contact":{},"extension":[1]}', 422),
    ],
    ids=range(10),
)
def test_hostile_bodies_are_refused_with_an_outcome(client: Client, raw: bytes, status: int) -> None:
    answer = client("POST", "/fhir/Subscription", content=raw, headers={"Content-Type": FHIR_JSON})

    assert answer.status_code == status
    assert answer.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        (
            "POST",
            "/fhir/Subscription",
            {"content": b"<x/>", "headers": {"Content-Type": "application/xml"}},
            415,
        ),
        ("GET", "/fhir/Subscription", {"headers": {"Accept": "application/fhir+xml"}}, 406),
        ("GET", "/fhir/Subscription?_format=xml", {}, 406),
        ("GET", "/fhir/Subscription?status[$ne]=active", {}, 400),
        ("GET", "/fhir/Subscription?status=nonsense", {}, 400),
        ("GET", "/fhir/Subscription?criteria=x", {}, 400),
        ("GET", "/fhir/Subscription?_count=0", {}, 400),
        ("GET", "/fhir/Subscription?_after=%24ne", {}, 400),
        ("GET", "/fhir/Subscription/none", {}, 404),
        ("GET", "/fhir/Subscription/none/$status", {}, 404),
        ("GET", "/fhir/Subscription/none/$events", {}, 404),
        ("GET", "/fhir/Subscription/" + "a" * 3000, {}, 404),
        ("PUT", "/fhir/Subscription/none", {"json": {}}, 428),
        ("PUT", "/fhir/Subscription/none", {"json": {}, "headers": {"If-Match": "*"}}, 428),
        ("PUT", "/fhir/Subscription/none", {"json": {}, "headers": {"If-Match": 'W/"1"'}}, 404),
        ("DELETE", "/fhir/Subscription/none", {}, 404),
        ("PATCH", "/fhir/Subscription/none", {"json": {}}, 405),
        ("GET", "/fhir/Patient/1", {}, 404),
    ],
)
def test_requests_that_cannot_be_answered_get_an_outcome(
    client: Client, method: str, path: str, options: dict[str, Any], status: int
) -> None:
    answer = client(method, path, **options)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/fhir+json")
    assert answer.json()["issue"][0]["severity"] == "error"


def test_a_lenient_client_may_send_parameters_nobody_knows(client: Client) -> None:
    answer = client("GET", "/fhir/Subscription?criteria=x", headers={"Prefer": "handling=lenient"})

    assert answer.status_code == 200
    assert "criteria" not in answer.json()["link"][0]["url"]


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"scope": "system/CarePlan.cruds"}, 403),
        ({"scope": "system/Subscription.r"}, 403),
        ({"scope": "system/Subscription.cruds?url=x"}, 403),
        ({"healthcareUnitHsaId": None}, 403),
        ({"exp": 1}, 401),
    ],
)
def test_without_scope_unit_or_token_nothing_is_created(
    client: Client, issuer: TestIssuer, claims: dict[str, Any], status: int
) -> None:
    other = Client(str(client._http.base_url), issuer, **claims)
    answer = other("POST", "/fhir/Subscription", json=subscription(HOOK))
    other.close()

    assert answer.status_code == status
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert ("www-authenticate" in answer.headers) == (status == 401)
