"""PDL 2 kap. 8 §: what the social services do for somebody is read with the record, and never searched for."""

from typing import Any

import pytest

from services.sip.domain import codes
from services.sip.domain.held import Held, Place
from services.sip.domain.search_entries import Entries, entries_of
from services.sip.domain.social_service import social_service

HOME_CARE, NURSING = Place("SE-home-care", "SE-town"), Place("SE-nursing", "SE-town")


def unit(name: str, kind: str, place: Place) -> Held:
    coding = {"coding": [{"system": codes.UNIT_KIND, "code": kind}]}
    return Held(f"Organization/{name}", 1, {"resourceType": "Organization", "type": [coding]}, place=place)


DIRECTORY = {
    one.key: one
    for one in (
        unit("home-care", "home-care", HOME_CARE),
        unit("nursing", "municipal-nursing", NURSING),
        Held("PractitionerRole/aide", 1, {"resourceType": "PractitionerRole",
             "organization": {"reference": "Organization/home-care"}}, place=HOME_CARE),
    )
}  # fmt: skip


def task(owner: str) -> dict[str, Any]:
    return {
        "resourceType": "Task", "id": "1", "status": "requested", "intent": "plan", "for": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "s", "code": "dusch"}]}, "owner": {"reference": owner},
        "executionPeriod": {"start": "2026-01-01"},
    }  # fmt: skip


def entries(resource: dict[str, Any], *beside: dict[str, Any]) -> Entries:
    record = {
        key: Held(key, 1, one, "Patient/p")
        for one in (resource, *beside)
        for key in (f"{one['resourceType']}/{one['id']}",)
    }
    return entries_of(resource, social_service(record, DIRECTORY))


@pytest.mark.parametrize("owner", ["Organization/home-care", "PractitionerRole/aide"])
def test_an_intervention_of_the_social_services_is_no_search_term(owner: str) -> None:
    found = entries(task(owner))
    assert "status=requested" in found.terms
    assert "patient>Patient/p" in found.terms
    assert not any(term.startswith(("code=", "owner>", "owner=", "intent=")) for term in found.terms)
    assert not found.dates


def test_it_is_one_where_health_care_carries_it_out() -> None:
    found = entries(task("Organization/nursing"))
    assert {"code=s|dusch", "owner>Organization/nursing"} <= found.terms


def test_a_plan_is_not_found_through_such_an_intervention() -> None:
    plan = {
        "resourceType": "CarePlan", "id": "2", "status": "active", "intent": "plan",
        "subject": {"reference": "Patient/p"},
        "activity": [{"reference": {"reference": "Task/1"}}],
    }  # fmt: skip
    through = "activity-reference>Task/1"
    assert through not in entries(plan, task("Organization/home-care")).terms
    assert through in entries(plan, task("Organization/nursing")).terms
    assert "status=active" in entries(plan, task("Organization/home-care")).terms
