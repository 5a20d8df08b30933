"""An import lets through what comes through alone, for whoever may write it, and nothing else."""

from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sip.bulk.material import (
    Centre,
    counted,
    found,
    issues,
    load,
    name,
    ndjson,
    refusals,
)
from tests.sip.harness import DOCTOR, NURSE, OTHER_DOCTOR, SECOND_DOCTOR, County


def kinds(home: Centre, served: County) -> dict[str, dict[str, Any]]:
    """Everything that may be wrong with a contact, and some things that are not."""
    with served.staff(NURSE) as nurse, served.staff(DOCTOR) as doctor:
        hidden = nurse.post(
            "/fhir/Condition",
            json={
                "resourceType": "Condition",
                "subject": {"reference": home.persons[0]},
                "code": {"text": "x"},
            },
        ).json()["id"]
        elsewhere = doctor.post(
            "/fhir/Condition",
            json={
                "resourceType": "Condition",
                "subject": {"reference": home.persons[1]},
                "code": {"text": "x"},
            },
        ).json()["id"]
    return {
        "good": {},
        "without provider": {"participant": None},
        "in the future": {"period": {"start": "2031-01-01"}},
        "for nobody known": {"subject": {"reference": "Patient/nobody"}},
        "without person": {"subject": None},
        "of no status": {"status": "banana"},
        "without class": {"class": None},
        "no such provider": {"participant": [{"individual": {"reference": "PractitionerRole/nobody"}}]},
        "provider of a wrong type": {"participant": [{"individual": {"reference": home.unit}}]},
        "backwards": {"period": {"start": "2026-03-02", "end": "2026-03-01"}},
        "about a hidden thing": {"diagnosis": [{"condition": {"reference": f"Condition/{hidden}"}}]},
        "about another's thing": {"diagnosis": [{"condition": {"reference": f"Condition/{elsewhere}"}}]},
        "led nowhere": {"subject": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000009"}},
        "absolute": {"serviceProvider": {"reference": f"https://samplan.test/fhir/{home.unit}"}},
        "unknown element": {"colour": "red"},
    }


@pytest.fixture(scope="module")
def every_kind(home: Centre, served: County) -> dict[str, dict[str, Any]]:
    return kinds(home, served)


KINDS = (
    "good", "without provider", "in the future", "for nobody known", "without person", "of no status",
    "without class", "no such provider", "provider of a wrong type", "backwards", "about a hidden thing",
    "about another's thing", "led nowhere", "absolute", "unknown element",
)  # fmt: skip


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(st.sampled_from(KINDS), min_size=1, max_size=20))
def test_an_import_accepts_exactly_what_comes_through_alone(
    doctor: httpx2.Client, home: Centre, every_kind: dict[str, dict[str, Any]], wanted: list[str]
) -> None:
    alone = [doctor.post("/fhir/Encounter", json=home.encounter(name(), **every_kind[one])) for one in wanted]
    number, names = name(), [name() for _ in wanted]
    lines = [home.encounter(n, **every_kind[one]) for n, one in zip(names, wanted, strict=True)]

    answer = load(doctor, ndjson(*lines), id=number)

    refused = refusals(doctor, number)
    assert refused == {
        line: issues(one.json()) for line, one in enumerate(alone, 1) if one.status_code != 201
    }
    assert counted(answer) == (len(lines) - len(refused), 0, 0, len(refused))
    for line, (named, one) in enumerate(zip(names, alone, strict=True), 1):
        stored = [[kept[element] for element in kept if element not in {"id", "meta", "identifier"}]
                  for kept in found(doctor, named)]  # fmt: skip
        single = [
            value for element, value in one.json().items() if element not in {"id", "meta", "identifier"}
        ]
        assert stored == ([] if line in refused else [single])


def test_an_import_is_its_units_own(served: County, doctor: httpx2.Client, home: Centre) -> None:
    load(doctor, ndjson(home.encounter(name(), status="no")), id="ours")
    with served.staff(OTHER_DOCTOR) as other, served.staff(SECOND_DOCTOR) as colleague:
        assert refusals(colleague, "ours").keys() == {1}
        for path in ("$import", "$import-report"):
            assert other.get(f"/fhir/Encounter/{path}", params={"id": "ours"}).status_code == 404
        # The same identifier is another contact there, unseen from here.
        [named] = [home.encounter(name())]
        assert counted(load(doctor, ndjson(named))) == (1, 0, 0, 0)
        assert counted(load(other, ndjson(named))) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("claims", "status"),
    [({"scope": "user/*.rs"}, 403), ({"healthcareUnitHsaId": None}, 403), ({"scope": "user/Goal.c"}, 403)],
)
def test_who_may_not_write_contacts_loads_none(
    served: County, home: Centre, claims: dict[str, Any], status: int
) -> None:
    with served.staff(DOCTOR, **claims) as client:
        assert load(client, ndjson(home.encounter(name()))).status_code == status


def test_who_may_only_create_changes_nothing_by_sending_it_again(
    served: County, doctor: httpx2.Client, home: Centre
) -> None:
    one = name()
    load(doctor, ndjson(home.encounter(one)))
    with served.staff(DOCTOR, scope="user/Encounter.c") as client:
        changed = [home.encounter(one, status="cancelled"), home.encounter(name())]
        assert counted(load(client, ndjson(*changed), id="create-only")) == (1, 0, 0, 1)
        assert "no scope covers u" in refusals(client, "create-only")[1][0][0]
    assert found(doctor, one)[0]["status"] == "finished"
