"""The description of notify's API that is kept is the one the code gives."""

import json
from typing import Any

from fastapi.routing import APIRoute

from services.notify.api import delivery_routes, event_routes, inbox_routes, news_routes, way_routes
from services.notify.fhir.operation_routes import operation_routes
from services.notify.fhir.subscription_routes import subscription_routes
from services.notify.main.openapi import PLACE, description

HINT = "run: python -m services.notify.main.openapi"


def operations() -> dict[tuple[str, str], dict[str, Any]]:
    described = json.loads(description())
    return {
        (method.upper(), path): one
        for path, found in described["paths"].items()
        for method, one in found.items()
    }


def test_the_kept_description_is_the_newest() -> None:
    assert PLACE.read_bytes() == description(), HINT


def test_every_call_has_a_name_of_its_own_asks_for_a_token_and_says_what_it_does() -> None:
    found = list(operations().values())

    assert len({one["operationId"] for one in found}) == len(found)
    assert all(one["security"] == [{"HTTPBearer": []}] for one in found)
    assert all(one["description"].endswith(".") and one["tags"] for one in found)


def test_failures_are_problems_outside_fhir_and_outcomes_within() -> None:
    for (_, path), one in operations().items():
        media = "application/fhir+json" if path.startswith("/fhir") else "application/problem+json"
        assert list(one["responses"]["default"]["content"]) == [media]


def test_what_is_described_under_fhir_is_what_is_routed() -> None:
    routed = {
        (method, route.path)
        for route in (*operation_routes(), *subscription_routes())
        for method in (route.methods or ())
        if method != "HEAD"
    }

    assert {key for key in operations() if key[1].startswith("/fhir")} == routed


def test_what_is_described_beside_fhir_is_what_is_routed() -> None:
    routed = {
        (method, route.path)
        for module in (event_routes, inbox_routes, news_routes, delivery_routes, way_routes)
        for route in module.router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }

    assert len(routed) > 8
    assert {key for key in operations() if not key[1].startswith("/fhir")} == routed
