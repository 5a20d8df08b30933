"""schemathesis asks what the OpenAPI files allow, and more: no fault of ours, no answer that they do not know."""

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.sip.fhir.conftest import Sip

CONTRACTS = Path(__file__).parents[2] / "contracts" / "openapi"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 3  # of each call; there are hundreds of calls
pytestmark = [pytest.mark.system, pytest.mark.filterwarnings("ignore")]


def calls(name: str) -> list[tuple[str, str]]:
    paths = json.loads((CONTRACTS / name).read_bytes())["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


def of_some_types(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """All types have the same routes: one of each kind stands for the rest."""
    shown = ("/Goal", "/Patient", "/CarePlan", "/Organization", "/ValueSet", "/CodeSystem", "/AuditEvent")
    return [
        (method, path)
        for method, path in found
        if path.count("/") < 2 or path.startswith(tuple(f"/fhir{one}" for one in (*shown, "/_")))
    ]


@pytest.mark.parametrize(("name", "method", "path"), [
    *(("fhir.json", *one) for one in of_some_types(calls("fhir.json"))),
    *(("sip.json", *one) for one in calls("sip.json")),
])  # fmt: skip
def test_a_call_answers_as_described(sip: Sip, name: str, method: str, path: str) -> None:
    schema = schemathesis.openapi.from_dict(json.loads((CONTRACTS / name).read_bytes()))
    operation = schema[path][method]
    with sip.client() as client:
        headers = {"Authorization": client.headers["authorization"]}

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, phases=[Phase.generate], database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: Any) -> None:
        case.call_and_validate(base_url=sip.url, headers=headers, checks=CHECKS)

    ask()
