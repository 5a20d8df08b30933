"""Measure/$evaluate-measure: the stored report of a day, and persons only for who may see them."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import orjson
import pytest
from fhir.resources.R4B.measurereport import MeasureReport

from services.sip.domain.codes import PLAN_CATEGORY_SIP
from services.sip.measures.exact_figures import MEASURES, exact_figures
from services.sip.measures.reports import measure_reports
from services.sip.storage.connection import connect, database
from services.sip.storage.mongo_measure_figures import MongoMeasureFigures
from services.sip.use_cases.measure_ports import KeptFigures
from tests.sip.fhir.conftest import Sip
from tests.sip.measures.county import county
from tests.sip.measures.county_plans import NOW
from tests.sip.measures.test_compute import added_up

pytestmark = pytest.mark.anyio
EXACT = exact_figures(added_up(county(1, people=60)), 1, NOW)
Json = dict[str, Any]


@pytest.fixture
async def kept(sip: Sip) -> AsyncIterator[None]:
    client = connect(sip.mongo_url)
    db = database(client, sip.database)
    figures = MongoMeasureFigures(db)
    await figures.keep(KeptFigures(1, NOW, 0.1, orjson.dumps(EXACT), b"[]"))
    await figures.keep_reports(measure_reports(EXACT, NOW), NOW)
    yield
    await db.measures.delete_many({})
    await db.records.delete_many({"type": "MeasureReport"})
    client.close()


@pytest.fixture
def own(sip: Sip) -> Iterator[httpx2.Client]:
    """A unit that sees the two persons of this module and nobody else."""
    with sip.client("SE-EVAL-unit") as client:
        yield client


@pytest.fixture
def two(own: httpx2.Client, numbers: Iterator[str]) -> list[str]:
    """Give two residents of the unit, the first with a plan in draft."""
    found = own.get("/fhir/Patient").json().get("entry", [])
    keys = sorted(f"Patient/{one['resource']['id']}" for one in found)
    if keys:
        return keys
    for _ in range(2):
        identifier = {"system": "http://electronichealth.se/identifier/personnummer", "value": next(numbers)}
        answer = own.post("/fhir/Patient", json={"resourceType": "Patient", "identifier": [identifier]})
        keys.append(f"Patient/{answer.json()['id']}")
    plan = {
        "resourceType": "CarePlan",
        "status": "draft",
        "intent": "plan",
        "title": "Hemgång",
        "category": [PLAN_CATEGORY_SIP.concept()],
        "subject": {"reference": min(keys)},
    }
    made = own.post("/fhir/CarePlan", json=plan)
    assert made.status_code == 201, made.text
    return sorted(keys)


def evaluated(client: httpx2.Client, measure: str, **given: str) -> Json:
    answer = client.get(f"/fhir/Measure/{measure}/$evaluate-measure", params=given)
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    MeasureReport.model_validate(told)
    return told


@pytest.mark.parametrize("measure", MEASURES)
async def test_the_summary_of_a_day_is_the_stored_report(
    kept: None, own: httpx2.Client, measure: str
) -> None:
    stored = own.get(f"/fhir/MeasureReport/{measure}-2026-11-22").json()

    assert evaluated(own, measure, periodEnd="2026-11-22") == stored
    assert evaluated(own, measure, reportType="population") == stored
    assert stored["type"] == "summary"
    assert "subject" not in orjson.dumps(stored).decode()


async def test_a_day_without_a_report_and_another_period_are_told_of(kept: None, own: httpx2.Client) -> None:
    path = "/fhir/Measure/continuity-coc/$evaluate-measure"
    absent = own.get(path, params={"periodEnd": "2020-01-01"})
    other = own.get(path, params={"periodStart": "2026-01-01", "periodEnd": "2026-11-22"})

    assert (absent.status_code, other.status_code) == (404, 400)
    assert "2026-11-22" in absent.text
    assert "2025-05-22" in other.text
    assert evaluated(own, "continuity-coc", periodStart="2025-05-22")["id"] == "continuity-coc-2026-11-22"


async def test_a_list_names_those_whom_the_caller_may_see_and_nobody_else(
    own: httpx2.Client, two: list[str], sip: Sip
) -> None:
    report = evaluated(own, "plans-by-status", reportType="subject-list")
    coverage = evaluated(own, "fixed-contact-coverage", reportType="subject-list")

    assert members(report, 0, "initial-population") == two[:1]
    assert members(coverage, 1, "denominator") == two
    assert members(coverage, 1, "numerator") == []
    with sip.client("SE-NOBODY-unit") as stranger:
        told = evaluated(stranger, "plans-by-status", reportType="subject-list")
        assert "Patient/" not in orjson.dumps(told).decode()


def members(report: Json, group: int, population: str) -> list[str]:
    found = next(
        one for one in report["group"][group]["population"] if one["code"]["coding"][0]["code"] == population
    )
    if "subjectResults" not in found:
        assert found["count"] == 0
        return []
    listed = {f"#{one['id']}": one for one in report["contained"]}[found["subjectResults"]["reference"]]
    return sorted(one["item"]["reference"] for one in listed["entry"])


async def test_one_person_is_judged_for_who_may_see_them_and_absent_for_others(
    own: httpx2.Client, two: list[str], sip: Sip
) -> None:
    report = evaluated(own, "plans-by-status", subject=two[0])
    [population] = report["group"][0]["population"]

    assert report["type"] == "individual"
    assert report["subject"] == {"reference": two[0]}
    assert population["count"] == 1
    assert any(one["reference"].startswith("CarePlan/") for one in report["evaluatedResource"])
    with sip.client("SE-NOBODY-unit") as stranger:
        path = "/fhir/Measure/plans-by-status/$evaluate-measure"
        hidden = stranger.get(path, params={"subject": two[0]})
        absent = stranger.get(path, params={"subject": "Patient/none"})
        assert hidden.status_code == absent.status_code == 404
        assert hidden.text.replace(two[0], "Patient/none") == absent.text


@pytest.mark.parametrize(
    "given",
    [
        {"reportType": "everybody"},
        {"reportType": "subject"},
        {"reportType": "summary", "subject": "Patient/x"},
        {"subject": "Group/x"},
        {"periodEnd": "yesterday"},
        {"practitioner": "Practitioner/x"},
    ],
)
async def test_what_is_not_understood_is_refused(own: httpx2.Client, given: dict[str, str]) -> None:
    answer = own.get("/fhir/Measure/continuity-coc/$evaluate-measure", params=given)

    assert answer.status_code == 400
    assert answer.json()["issue"][0]["diagnostics"]


async def test_an_unknown_measure_and_a_narrow_token_are_refused(own: httpx2.Client, sip: Sip) -> None:
    assert own.get("/fhir/Measure/none/$evaluate-measure").status_code == 404
    with sip.client("SE-EVAL-unit", scope="user/Patient.rs") as narrow:
        assert narrow.get("/fhir/Measure/continuity-coc/$evaluate-measure").status_code == 403
