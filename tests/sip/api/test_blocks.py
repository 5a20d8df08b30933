"""Something is blocked: that, and nothing more, is told to whoever takes part in the care."""

from typing import Any

import httpx2

from services.sip.domain import codes
from tests.sip.harness import County

Json = dict[str, Any]


def block(person: str, category: codes.Code = codes.CONSENT_BLOCK, **more: Any) -> Json:
    return {
        "resourceType": "Consent",
        "status": "active",
        "scope": codes.CONSENT_SCOPE.concept(),
        "category": [category.concept()],
        "patient": {"reference": f"Patient/{person}"},
        "performer": [{"reference": f"Patient/{person}"}],
        "policy": [{"uri": codes.LAW_PDL_BLOCK}],
        "provision": {"type": "deny"},
        **more,
    }


def notice(client: httpx2.Client, person: str) -> bytes:
    answer = client.get(f"/api/v1/persons/{person}/blocks")
    assert answer.status_code == 200, answer.text
    return answer.content


def test_a_block_is_noticed_and_nothing_of_it_told(
    served: County, nurse: httpx2.Client, doctor: httpx2.Client, person: str
) -> None:
    before = notice(nurse, person)
    need = {"resourceType": "Condition", "subject": {"reference": f"Patient/{person}"}}
    assert doctor.post("/fhir/Condition", json=need).status_code == 201
    made = doctor.post("/fhir/Consent", json=block(person))
    assert made.status_code == 201, made.text
    assert before == b'{"something_is_blocked":false}'
    assert notice(nurse, person) == notice(doctor, person) == b'{"something_is_blocked":true}'
    with served.resident(person) as resident:
        assert notice(resident, person) == b'{"something_is_blocked":true}'
    assert nurse.get(f"/fhir/Consent/{made.json()['id']}").status_code == 404

    lifted = made.json() | {"status": "inactive"}
    answer = doctor.put(f"/fhir/Consent/{lifted['id']}", json=lifted, headers={"If-Match": 'W/"1"'})
    assert answer.status_code == 200, answer.text
    assert notice(nurse, person) == before


def test_who_has_no_part_in_the_care_learns_not_even_that(foreign: httpx2.Client, person: str) -> None:
    assert foreign.get(f"/api/v1/persons/{person}/blocks").status_code == 404
