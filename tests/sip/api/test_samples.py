"""Documented sample checks: drawn by the care giver's privacy officer, decided about, and kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from services.sip.domain.codes import PERSONNUMMER
from tests.sip.api.conftest import Json, done, problem
from tests.sip.harness import DOCTOR, MUNICIPALITY, NURSE, REGION, County

PATH = "/api/v1/audit/samples"


@pytest.fixture
def officer(served: County) -> Iterator[httpx2.Client]:
    with served.privacy_officer(REGION) as client:
        yield client


def asked(**changed: Any) -> Json:
    now = datetime.now(UTC)  # noqa: TID251 - a test looks at the clock
    day = timedelta(days=1)
    return {"from": (now - day).isoformat(), "until": (now + day).isoformat(), "size": 500, **changed}


def somebody(served: County, by: httpx2.Client, *, label: str = "", **name: Any) -> str:
    """Register a person that `by` then looks at; gives Patient/<id>."""
    number = {"system": PERSONNUMMER, "value": next(served.numbers)}
    security = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": label}
    person = {
        "resourceType": "Patient", "identifier": [number], **({"name": [name]} if name else {}),
        **({"meta": {"security": [security]}} if label else {}),
    }  # fmt: skip
    made = by.post("/fhir/Patient", json=person)
    assert made.status_code == 201, made.text
    return f"Patient/{made.json()['id']}"


def drawn(officer: httpx2.Client, rule: str, **changed: Any) -> dict[str, Json]:
    sample = done(officer.post(PATH, json=asked(rule=rule, **changed)), 201)
    return {one["person"]: one for one in sample["entries"]}


def test_a_random_sample_says_out_of_how_many_it_was_drawn(
    served: County, doctor: httpx2.Client, officer: httpx2.Client
) -> None:
    for _ in range(3):
        somebody(served, doctor)
    sample = done(officer.post(PATH, json=asked(size=2)), 201)
    assert len(sample["entries"]) == sample["found"] == 2
    assert sample["population"] >= 3
    assert {one["employee"] for one in sample["entries"]} <= {DOCTOR}
    entry = officer.get(f"/fhir/AuditEvent/{sample['entries'][0]['id']}")
    assert entry.status_code == 200


def test_who_looks_at_a_namesake_is_found(
    served: County, doctor: httpx2.Client, officer: httpx2.Client
) -> None:
    namesake = somebody(served, doctor, family="doktorsson", given=["Dag"])
    other = somebody(served, doctor, family="Tolvansson", given=["Tolvan"])
    found = drawn(officer, "same-surname")
    assert namesake in found
    assert other not in found
    assert found[namesake]["why"].startswith("samma efternamn")


def test_who_looks_at_a_colleague_is_found(
    served: County, doctor: httpx2.Client, officer: httpx2.Client
) -> None:
    colleague = somebody(served, doctor, family="Underläkare", given=["Ulf", "Erik"])
    labelled = somebody(served, doctor, label="EMP")
    elsewhere = somebody(served, doctor, family="Sjukskötare", given=["Siv"])  # of another care giver
    found = drawn(officer, "own-colleague")
    assert {colleague, labelled} <= found.keys()
    assert elsewhere not in found


def test_who_looks_at_somebody_well_known_is_found(
    served: County, doctor: httpx2.Client, officer: httpx2.Client
) -> None:
    famous, unknown = somebody(served, doctor, label="CEL"), somebody(served, doctor)
    found = drawn(officer, "famous-person")
    assert famous in found
    assert unknown not in found


def test_who_looks_without_a_visit_is_found(
    served: County, doctor: httpx2.Client, officer: httpx2.Client
) -> None:
    met, never, long_ago = (somebody(served, doctor) for _ in range(3))
    today = datetime.now(UTC).date().isoformat()  # noqa: TID251 - a test looks at the clock
    for person, day in ((met, today), (long_ago, "2020-01-01")):
        visit = {
            "resourceType": "Encounter", "status": "finished", "subject": {"reference": person},
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
            "period": {"start": f"{day}T09:00:00+01:00", "end": f"{day}T09:30:00+01:00"},
        }  # fmt: skip
        made = doctor.post("/fhir/Encounter", json=visit)
        assert made.status_code == 201, made.text
    found = drawn(officer, "no-visit")
    assert {never, long_ago} <= found.keys()
    assert met not in found


def test_a_decision_is_kept_beside_the_earlier_ones(officer: httpx2.Client) -> None:
    path = f"{PATH}/{done(officer.post(PATH, json=asked()), 201)['id']}"
    done(officer.post(f"{path}/decisions", json={"verdict": "to-investigate", "note": "Frågar chefen."}), 201)
    done(officer.post(f"{path}/decisions", json={"verdict": "in-order", "note": "Hade vårdrelation."}), 201)
    kept = done(officer.get(path))
    assert [one["verdict"] for one in kept["decisions"]] == ["to-investigate", "in-order"]
    assert kept["decisions"][0]["by"] == f"{REGION}-1P99"
    assert kept["id"] in {one["id"] for one in done(officer.get(PATH))["samples"]}


def test_nobody_else_draws_reads_or_decides(
    served: County, officer: httpx2.Client, nurse: httpx2.Client, somebody: str
) -> None:
    path = f"{PATH}/{done(officer.post(PATH, json=asked()), 201)['id']}"
    decision = {"verdict": "in-order", "note": "Inget att se."}
    with served.resident(somebody.rpartition("/")[2]) as resident:
        for other in (nurse, resident):
            problem(other.post(PATH, json=asked()), 403)
            problem(other.get(path), 403)
            problem(other.post(f"{path}/decisions", json=decision), 403)
    with served.privacy_officer(MUNICIPALITY) as foreign:
        problem(foreign.get(path), 404)
        problem(foreign.post(f"{path}/decisions", json=decision), 404)
        assert done(officer.get(path))["decisions"] == []
        entries = done(foreign.post(PATH, json=asked()), 201)["entries"]
        assert {one["employee"] for one in entries} <= {NURSE, *(f"{MUNICIPALITY}-1P0{n}" for n in range(9))}


@pytest.mark.parametrize(
    "changed",
    [
        {"rule": "hunch"},
        {"size": 0},
        {"size": 501},
        {"from": "2026-01-01"},
        {"from": "2025-01-01T00:00:00Z", "until": "2024-01-01T00:00:00Z"},
        {"from": "2020-01-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
        {"from": "2035-01-01T00:00:00Z", "until": "2035-02-01T00:00:00Z"},
        {"seed": 1},
    ],
)
def test_a_sample_that_cannot_be_is_refused(officer: httpx2.Client, changed: Json) -> None:
    problem(officer.post(PATH, json=asked(**changed)), 400)


def test_drawing_is_itself_on_record(officer: httpx2.Client) -> None:
    officer.post(PATH, json=asked(rule="famous-person"))
    [row] = done(officer.get("/fhir/AuditEvent?_count=1"))["entry"]
    assert row["resource"]["outcomeDesc"] == "log control"
