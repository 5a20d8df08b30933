"""A guardian reads a young child's record with a token of their own; an adult's relative does not."""

import httpx2

from services.sip.domain.codes import PERSONNUMMER
from services.sip.domain.minors import GUARDIAN
from tests.sip.api.test_blocks import block
from tests.sip.api.test_emergency import verified
from tests.sip.harness import County

YOUNG = "202412172385"
"""Of Skatteverket's test series, and young for years to come."""


def near(served: County, nurse: httpx2.Client, number: str) -> tuple[str, str, str]:
    """Register somebody with a goal and a guardian; gives the ids."""
    identifier = {"system": PERSONNUMMER, "value": number}
    person = nurse.post("/fhir/Patient", json={"resourceType": "Patient", "identifier": [identifier]}).json()[
        "id"
    ]
    about = {"reference": f"Patient/{person}"}
    system, code = GUARDIAN
    relative = {"resourceType": "RelatedPerson", "patient": about,
                "relationship": [{"coding": [{"system": system, "code": code}]}]}  # fmt: skip
    made = nurse.post("/fhir/RelatedPerson", json=relative)
    assert made.status_code == 201, made.text
    goal = {
        "resourceType": "Goal",
        "lifecycleStatus": "proposed",
        "description": {"text": "Gå"},
        "subject": about,
    }
    return person, made.json()["id"], nurse.post("/fhir/Goal", json=goal).json()["id"]


def as_relative(served: County, person: str, relative: str) -> httpx2.Client:
    return served.client(
        sub="a-guardian", patient=person, fhirUser=f"RelatedPerson/{relative}", scope="patient/*.rs"
    )


def test_a_guardian_reads_a_young_childs_record_and_the_log_says_who(
    served: County, nurse: httpx2.Client
) -> None:
    person, relative, goal = near(served, nurse, YOUNG)
    shut = block(person, performer=[{"reference": f"Patient/{person}"}])
    hidden = nurse.post("/fhir/Consent", json=shut).json()["id"]
    with as_relative(served, person, relative) as guardian:
        assert guardian.get(f"/fhir/Goal/{goal}").status_code == 200
        assert guardian.get(f"/fhir/Patient/{person}").status_code == 200
        assert guardian.get(f"/fhir/Consent/{hidden}").status_code == 404
        assert guardian.get(f"/fhir/AuditEvent?patient=Patient/{person}").status_code == 403
        assert guardian.post("/fhir/Goal", json={"resourceType": "Goal"}).status_code == 403
    with served.resident(person) as child:
        assert child.get(f"/fhir/Goal/{goal}").status_code == 404
        told = child.get(f"/api/v1/persons/{person}/access-log").json()["accesses"]
    assert any("Vårdnadshavare eller närstående läste" in one["text"] for one in told)
    verified(served, person)


def test_an_adults_relative_reads_nothing_by_that(served: County, nurse: httpx2.Client) -> None:
    person, relative, goal = near(served, nurse, next(served.numbers))
    with as_relative(served, person, relative) as guardian:
        assert guardian.get(f"/fhir/Goal/{goal}").status_code == 404
        assert guardian.get(f"/fhir/Patient/{person}").status_code == 404
    with served.resident(person) as themselves:
        assert themselves.get(f"/fhir/Goal/{goal}").status_code == 200
