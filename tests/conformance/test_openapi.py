"""schemathesis asks what the OpenAPI files allow, and more: no fault of ours, no answer that they do not know."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.notify.main.api import build_api as build_notify
from tests.issuer import TestIssuer
from tests.loopback import LoopbackServer
from tests.notify.asking import UNIT
from tests.notify.conftest import settings_of
from tests.sip.fhir.conftest import Sip, goal

CONTRACTS = Path(__file__).parents[2] / "contracts" / "openapi"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 3  # of each call and mode; there are hundreds of calls
pytestmark = [pytest.mark.system, pytest.mark.filterwarnings("ignore")]
LOADED = {
    name: schemathesis.openapi.from_dict(json.loads((CONTRACTS / f"{name}.json").read_bytes()))
    for name in ("fhir", "sip", "notify")
}
STANDING_FOR_ALL = (
    "Goal",
    "Patient",
    "CarePlan",
    "Organization",
    "Encounter",
    "ValueSet",
    "CodeSystem",
    "AuditEvent",
)
"""All types of a kind have the same routes: one of each kind stands for the rest."""

WAITING = {"/api/v1/inbox/news", "/api/v1/inbox/stream"}
"""They answer when there is something new, which nobody makes here; they have tests of their own."""


@schemathesis.serializer("application/fhir+ndjson")
def one_line(_context: Any, value: Any) -> bytes:
    """Send what was made up as the only line of an import."""
    return json.dumps(value).encode() + b"\n"


@dataclass(frozen=True)
class Served:
    """Where a description is served, who asks, and what is there to be asked for, by the start of its address."""

    url: str
    headers: dict[str, str]
    there: Mapping[str, str]


@pytest.fixture(scope="session")
def served_sip(sip: Sip, numbers: Iterator[str]) -> Served:
    """A person with a goal and a plan, so that not every address leads nowhere."""
    system = "http://electronichealth.se/identifier/personnummer"
    with sip.client() as client:

        def made(resource: dict[str, Any]) -> str:
            answer = client.post(f"/fhir/{resource['resourceType']}", json=resource)
            assert answer.status_code == 201, answer.text
            return str(answer.json()["id"])

        person = made({"resourceType": "Patient", "identifier": [{"system": system, "value": next(numbers)}]})
        subject = {"reference": f"Patient/{person}"}
        plan = made({"resourceType": "CarePlan", "status": "draft", "intent": "plan", "subject": subject})
        there = {
            "/fhir/Patient/": person,
            "/fhir/CarePlan/": plan,
            "/fhir/Goal/": made(goal(f"Patient/{person}")),
            "/fhir/Organization/": made({"resourceType": "Organization", "name": "Hemsjukvården"}),
            "/fhir/ValueSet/": "task",
            "/fhir/CodeSystem/": "task",
            "/api/v1/persons/": person,
            "/api/v1/plans/": plan,
        }
        return Served(sip.url, {"Authorization": client.headers["authorization"]}, there)


@pytest.fixture(scope="session")
def served_notify(mongo_url: str) -> Iterator[Served]:
    """A notify that knows no subscription."""
    with (
        TestIssuer() as issuer,
        LoopbackServer(build_notify(settings_of(mongo_url, issuer, issuer.url))) as server,
    ):
        scope = "system/Subscription.cruds system/CarePlan.rs system/event.c"
        yield Served(server.url, issuer.headers(scope=scope, healthcareUnitHsaId=UNIT, client_id="ehr"), {})


def calls(name: str) -> Iterator[tuple[str, str, str]]:
    for path, methods in json.loads((CONTRACTS / f"{name}.json").read_bytes())["paths"].items():
        kind = path.split("/")[2] if name == "fhir" and path.count("/") > 1 else "_"
        if kind in STANDING_FOR_ALL or not kind[:1].isupper():
            yield from ((name, method.upper(), path) for method in methods if path not in WAITING)


def ask_as_described(served: Served, name: str, method: str, path: str, mode: GenerationMode) -> None:
    """Ask for what is there and for what is not, in turn."""
    known = next((number for start, number in served.there.items() if path.startswith(start)), None)
    turns = cycle([known, None])

    @given(case=LOADED[name][path][method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, phases=[Phase.generate], database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: Any) -> None:
        number = next(turns)
        if number and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = number
        case.call_and_validate(base_url=served.url, headers=served.headers, checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # a call of which nothing can be wrong but its id


@pytest.mark.parametrize(("name", "method", "path"), [*calls("fhir"), *calls("sip")])
def test_a_call_to_sip_answers_as_described(served_sip: Served, name: str, method: str, path: str) -> None:
    for mode in GenerationMode:
        ask_as_described(served_sip, name, method, path, mode)


@pytest.mark.parametrize(("name", "method", "path"), [*calls("notify")])
def test_a_call_to_notify_answers_as_described(
    served_notify: Served, name: str, method: str, path: str
) -> None:
    for mode in GenerationMode:
        ask_as_described(served_notify, name, method, path, mode)
