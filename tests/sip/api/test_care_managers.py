"""Inera's draft RIVCareManager (0.9, R5) out and in: an independent R5 model reads it; the same rules hold."""

from typing import Any

import httpx2
import pytest
from fhir.resources.careteam import CareTeam

from services.sip.domain.codes import FIXED_CONTACT, FIXED_CONTACT_KIND, HSA_ID
from tests.sip.api.conftest import Json, done, problem
from tests.sip.harness import DOCTOR, HEALTH_CENTRE, HOME_NURSING, NURSE, County

HOURS = {"days": ["mon", "thu"], "from": "08:00", "until": "16:30"}
FIRST: Json = {"kind": "fast-lakarkontakt", "employee": DOCTOR, "unit": HEALTH_CENTRE, "reason": "first",
               "from": "2026-01-15T08:00:00+01:00", "via_unit": HEALTH_CENTRE,
               "ways": [{"system": "phone", "value": "0321-00 00 00", "hours": [HOURS]}]}  # fmt: skip


def given(client: httpx2.Client, person: str, query: str = "") -> list[Json]:
    answer = client.get(f"/api/v1/persons/{person}/care-managers{query}")
    assert answer.headers["content-type"] == "application/fhir+json; fhirVersion=5.0"
    bundle = done(answer)
    assert bundle["total"] == len(bundle.get("entry", []))
    return [one["resource"] for one in bundle.get("entry", [])]


def riv(person: str, **content: Any) -> Json:
    member = {"identifier": {"system": HSA_ID, "value": DOCTOR}}
    role = {"coding": [{"system": FIXED_CONTACT_KIND, "code": "2"}]}
    return {
        "resourceType": "CareTeam",
        "status": "active",
        "category": [FIXED_CONTACT.concept()],
        "subject": {"reference": f"Patient/{person}"},
        "period": {"start": "2026-01-15"},
        "participant": [{"role": role, "member": member}],
        "managingOrganization": [{"identifier": {"system": HSA_ID, "value": HEALTH_CENTRE}}],
        "note": [{"text": "Nås säkrast på förmiddagen."}],
        **content,
    }


def test_a_contact_is_given_as_the_draft_has_it(doctor: httpx2.Client, person: str) -> None:
    contact = done(doctor.post(f"/api/v1/persons/{person}/contacts", json=FIRST), 201)

    [team] = given(doctor, person)

    CareTeam.model_validate(team)
    [participant] = team["participant"]
    assert (team["id"], team["category"]) == (contact["id"], [FIXED_CONTACT.concept()])
    assert participant["role"]["coding"][0] == {"system": FIXED_CONTACT_KIND, "code": "2"}
    assert participant["member"]["display"] == "Disa Doktorsson"
    [via] = participant["extension"]
    assert via["valueReference"] == {"reference": "#team", "display": "Björkvalla vårdcentral"}
    assert team["contained"][0]["category"][0]["coding"][0]["code"] == "team"
    [availability] = team["telecom"][0]["extension"]
    assert availability["valueAvailability"]["availableTime"] == [
        {"daysOfWeek": ["mon", "thu"], "availableStartTime": "08:00:00", "availableEndTime": "16:30:00"}
    ]
    assert given(doctor, person, "?as-of=2025-01-01") == []


def test_what_is_given_can_be_taken_and_says_the_same(
    doctor: httpx2.Client, nurse: httpx2.Client, person: str
) -> None:
    new = FIRST | {"kind": "fast-vardkontakt", "employee": NURSE, "unit": HOME_NURSING, "via_unit": None}
    done(nurse.post(f"/api/v1/persons/{person}/contacts", json=new), 201)
    [team] = given(nurse, person)

    taken = done(nurse.post(f"/api/v1/persons/{person}/care-managers", json=team), 201)

    again = next(one for one in given(nurse, person) if one["id"] == taken["id"])
    assert again | {"id": team["id"]} == {k: v for k, v in team.items() if k != "managingOrganization"}


def test_what_comes_is_taken_under_the_same_rules(doctor: httpx2.Client, person: str) -> None:
    path = f"/api/v1/persons/{person}/care-managers"
    first = done(doctor.post(path, json=riv(person)), 201)
    assert (first["holder"]["employee"], first["reason"]) == (DOCTOR, "not-known")
    assert done(doctor.get(f"/fhir/CareTeam/{first['id']}"))["note"] == [
        {"text": "Nås säkrast på förmiddagen."}
    ]

    told = problem(doctor.post(path, json=riv(person, period={"start": "2025-01-01"})), 422)
    assert told["rule"] == "contact-two-at-once"
    nurse = riv(person, period={"start": "2026-03-01"})
    nurse["participant"][0]["member"]["identifier"]["value"] = NURSE
    nurse["managingOrganization"][0]["identifier"]["value"] = HOME_NURSING
    assert problem(doctor.post(path, json=nurse), 422)["rule"] == "contact-doctor"


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"period": {}}, "/period/start"),
        ({"participant": []}, "/participant"),
        ({"participant": [{"role": [{}], "member": {}}]}, "/participant/0"),
        ({"category": []}, "/category"),
        ({"extension": [{"url": "https://example.org/internal-notes", "valueString": "x"}]}, "/extension"),
        ({"managingOrganization": []}, "/participant/0/member"),
        ({"subject": {"reference": "Patient/somebody-else"}}, "/subject"),
    ],
)
def test_what_the_register_has_no_place_for_is_named_and_nothing_is_dropped_unsaid(
    served: County, doctor: httpx2.Client, person: str, content: Json, where: str
) -> None:
    before = served.stored()

    told = problem(doctor.post(f"/api/v1/persons/{person}/care-managers", json=riv(person, **content)), 400)

    assert told["where"] == where
    assert served.stored() == before


def test_further_roles_have_no_place_in_the_draft(nurse: httpx2.Client, person: str) -> None:
    new = FIRST | {"kind": "kontaktsjukskoterska", "employee": NURSE, "unit": HOME_NURSING}
    done(nurse.post(f"/api/v1/persons/{person}/contacts", json=new), 201)

    assert given(nurse, person) == []


@pytest.mark.parametrize(
    "name", ["telecom", "reason", "note", "period", "category", "subject", "managingOrganization"]
)
@pytest.mark.parametrize("garbage", ["text", 7, [7], {"a": {"b": [1]}}])
def test_garbage_is_refused_and_is_no_fault_of_ours(
    served: County, doctor: httpx2.Client, somebody: str, name: str, garbage: Any
) -> None:
    before = served.stored()

    answer = doctor.post(
        f"{somebody}/care-managers", json=riv(somebody.rpartition("/")[2], **{name: garbage})
    )

    assert answer.status_code in {400, 404, 422}, answer.text
    assert served.stored() == before
