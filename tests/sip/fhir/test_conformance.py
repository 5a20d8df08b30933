"""The server is what its CapabilityStatement says: all that is declared answers, all else is refused."""

from typing import Any

import httpx2
import pytest

from services.sip.domain import codes
from services.sip.domain.resource_types import TYPES
from tests.sip.fhir.conftest import Sip

ASKED = {
    "read": ("GET", "{type}/absent", 404),
    "vread": ("GET", "{type}/absent/_history/1", 404),
    "update": ("PUT", "{type}/absent", 404),
    "patch": ("PATCH", "{type}/absent", 404),
    "delete": ("DELETE", "{type}/absent", 404),
    "history-instance": ("GET", "{type}/absent/_history", 404),
    "history-type": ("GET", "{type}/_history?_count=1", 200),
    "create": ("POST", "{type}", 422),
    "search-type": ("GET", "{type}?_count=1", 200),
}
"""Each interaction with a request that gets past the routes, and what is then answered to it."""

NOT_OF_THIS_SERVER = {"AuditEvent"}
"""Read on an assignment of log control alone."""


@pytest.fixture(scope="module")
def statement(sip: Sip) -> dict[str, Any]:
    with sip.client() as client:
        told: dict[str, Any] = client.get("/fhir/metadata").json()
    return told


def resources(statement: dict[str, Any]) -> list[dict[str, Any]]:
    """Give what sip itself serves; Subscription is notify's."""
    found: list[dict[str, Any]] = statement["rest"][0]["resource"]
    return [one for one in found if one["type"] != "Subscription"]


def asked(client: httpx2.Client, code: str, kind: str) -> httpx2.Response:
    method, path, _ = ASKED[code]
    body: Any = {"resourceType": kind, "id": "absent"}
    headers = {"If-Match": 'W/"1"', "Content-Type": "application/fhir+json"}
    if code == "patch":
        body, headers["Content-Type"] = [{"op": "remove", "path": "/x"}], "application/json-patch+json"
    if code == "create":
        body = {"resourceType": kind, "banana": True}
    sent = {"json": body} if method in {"PUT", "POST", "PATCH"} else {}
    return client.request(method, "/fhir/" + path.format(type=kind), headers=headers, **sent)


def test_it_tells_of_subscriptions_and_their_topics_which_notify_serves(statement: dict[str, Any]) -> None:
    [told] = [one for one in statement["rest"][0]["resource"] if one["type"] == "Subscription"]

    assert [one["valueCanonical"] for one in told["extension"]] == list(codes.TOPICS)
    assert statement["instantiates"][0].endswith("/CapabilityStatement/backport-subscription-server-r4")


def test_it_declares_every_type_that_is_served(statement: dict[str, Any]) -> None:
    assert {one["type"] for one in resources(statement)} == set(TYPES)
    assert statement["fhirVersion"] == "4.0.1"


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_declared_answers_and_all_else_is_refused(
    nurse: httpx2.Client, statement: dict[str, Any], kind: str
) -> None:
    [told] = [one for one in resources(statement) if one["type"] == kind]
    declared = {one["code"] for one in told["interaction"]}
    for code, (_, _, status) in ASKED.items():
        answer = asked(nurse, code, kind)
        if code in declared:
            expected = {403} if kind in NOT_OF_THIS_SERVER and code == "search-type" else {status}
            expected |= {422} if code == "update" else set()  # the content is looked at first
            assert answer.status_code in expected, (kind, code, answer.text)
        else:
            assert answer.status_code == 405, (kind, code, answer.text)
        if answer.status_code >= 400:
            assert answer.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind != "AuditEvent"])
def test_every_declared_parameter_answers(nurse: httpx2.Client, statement: dict[str, Any], kind: str) -> None:
    [told] = [one for one in resources(statement) if one["type"] == kind]
    values = {"date": "2026", "quantity": "1", "number": "1", "composite": "a$b"}
    for param in told["searchParam"]:
        answer = nurse.get(f"/fhir/{kind}", params={param["name"]: values.get(param["type"], "x")})
        assert answer.status_code in {200, 400}, (param, answer.text)
        if answer.status_code == 400:  # a value that cannot stand, of a parameter that is known
            assert answer.json()["issue"][0]["code"] == "value", (param, answer.text)
        assert param["definition"].startswith(("http://hl7.org/fhir/", "https://samplan.example/fhir/"))


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind != "AuditEvent"])
def test_every_declared_include_answers_and_others_are_refused(
    nurse: httpx2.Client, statement: dict[str, Any], kind: str
) -> None:
    [told] = [one for one in resources(statement) if one["type"] == kind]
    for name, declared in (("_include", "searchInclude"), ("_revinclude", "searchRevInclude")):
        for value in told.get(declared, ()):
            answer = nurse.get(f"/fhir/{kind}", params={name: value, "_id": "absent"})
            assert answer.status_code == 200, (kind, name, value, answer.text)
        refused = nurse.get(f"/fhir/{kind}", params={name: f"{kind}:banana", "_id": "absent"})
        assert refused.status_code == 400, (kind, name)
    for profile in told.get("supportedProfile", ()):
        found = nurse.get("/fhir/StructureDefinition", params={"url": profile}).json()
        assert [one["resource"]["type"] for one in found["entry"]] == [kind]


def test_a_parameter_that_is_not_declared_is_refused(nurse: httpx2.Client) -> None:
    for kind in TYPES:
        assert nurse.get(f"/fhir/{kind}?banana=1").status_code == 400, kind


def test_declared_operations_answer(nurse: httpx2.Client, statement: dict[str, Any]) -> None:
    for told in resources(statement):
        for operation in told.get("operation", ()):
            instance = "absent/" if operation["name"] in {"everything", "evaluate-measure"} else ""
            path = f"{told['type']}/{instance}${operation['name']}"
            if operation["name"].startswith("import"):
                assert nurse.get(f"/fhir/{path}?id=absent").status_code == 404, path
                continue
            answer = nurse.post(f"/fhir/{path}", json={"resourceType": "Parameters", "parameter": []})
            assert answer.status_code in {400, 404}, (path, answer.text)
            assert answer.json()["issue"][0]["code"] != "not-supported", path


def test_conditions_are_declared_as_they_are(statement: dict[str, Any]) -> None:
    [told] = [one for one in resources(statement) if one["type"] == "Goal"]
    assert (told["versioning"], told["updateCreate"], told["readHistory"]) == (
        "versioned-update",
        False,
        True,
    )
    assert (told["conditionalCreate"], told["conditionalUpdate"]) == (True, True)
    assert (told["conditionalDelete"], told["conditionalRead"]) == ("single", "full-support")
