"""Summary MeasureReports made from the exact figures; whoever reads them has said who they are."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from services.sip.domain.codes import FIXED_CONTACT_KIND, MUNICIPALITY_CODE, Code
from services.sip.domain.continuity.listed_unit import MONTHS, months_before
from services.sip.domain.held import Resource
from services.sip.domain.moments import SWEDEN
from services.sip.measures.exact_figures import COC, COVERAGE, OVERDUE, PLANS_BY_STATUS, Row, canonical

POPULATION: Final = "http://terminology.hl7.org/CodeSystem/measure-population"
IMPROVEMENT: Final = "http://terminology.hl7.org/CodeSystem/measure-improvement-notation"
PLAN_STATUS: Final = "http://hl7.org/fhir/request-status"
BETTER: Final = {OVERDUE: "decrease", COVERAGE: "increase", COC: "increase"}


def measure_reports(exact: Row, now: datetime) -> list[Resource]:
    """Give one report per measure; its id holds the Swedish day, so that each day keeps its last report."""
    rows = {indicator["id"]: indicator["rows"] for indicator in exact["indicators"]}
    groups = {
        PLANS_BY_STATUS: [_plans_group(rows[PLANS_BY_STATUS])],
        OVERDUE: [_overdue_group(rows[OVERDUE])],
        COVERAGE: list(_coverage_groups(rows[COVERAGE])),
        COC: [_coc_group(rows[COC])],
    }
    return [_report(measure, group, exact["edition"], now) for measure, group in groups.items()]


def _report(measure: str, groups: Sequence[Row], edition: int, now: datetime) -> Resource:
    day = now.astimezone(SWEDEN).date().isoformat()
    instant = now.isoformat(timespec="seconds")
    since = months_before(now, MONTHS).astimezone(SWEDEN).date().isoformat() if measure == COC else day
    report: Resource = {
        "resourceType": "MeasureReport",
        "id": f"{measure}-{day}",
        "meta": {"versionId": str(edition), "lastUpdated": instant},
        "status": "complete",
        "type": "summary",
        "measure": canonical(measure),
        "date": instant,
        "period": {"start": since, "end": day},
        "group": list(groups),
    }
    if measure in BETTER:
        report["improvementNotation"] = Code(IMPROVEMENT, BETTER[measure]).concept()
    return report


def _plans_group(rows: Iterable[Row]) -> Row:
    rows = list(rows)
    strata = [
        {
            "component": [
                {"code": {"text": "status"}, "value": Code(PLAN_STATUS, row["status"]).concept()},
                {"code": {"text": "municipality"}, "value": _place(row)},
            ],
            "population": [_population("initial-population", row["plans"])],
        }
        for row in rows
    ]
    return {
        "population": [_population("initial-population", sum(row["plans"] for row in rows))],
        **_stratified("status and municipality", strata),
    }


def _overdue_group(rows: Iterable[Row]) -> Row:
    rows = list(rows)
    strata = [
        {"value": _place(row), "population": [_population("initial-population", row["follow_ups"])]}
        for row in rows
    ]
    return {
        "population": [_population("initial-population", sum(row["follow_ups"] for row in rows))],
        **_stratified("municipality", strata),
    }


def _coverage_groups(rows: Sequence[Row]) -> Iterable[Row]:
    for kind in sorted({row["kind"] for row in rows}):
        own = [row for row in rows if row["kind"] == kind]
        having, everybody = sum(row["with_contact"] for row in own), sum(row["population"] for row in own)
        strata = [
            {"value": _place(row), **_proportion(row["with_contact"], row["population"])} for row in own
        ]
        yield {
            "code": Code(FIXED_CONTACT_KIND, kind).concept(),
            **_proportion(having, everybody),
            **_stratified("municipality", strata),
        }


def _proportion(having: int, everybody: int) -> Row:
    populations = [_population("denominator", everybody), _population("numerator", having)]
    return {"population": populations, **_score(having / everybody if everybody else None)}


def _coc_group(rows: Iterable[Row]) -> Row:
    rows = list(rows)
    persons = sum(row["persons"] for row in rows)
    total = sum(row["mean"] * row["persons"] for row in rows if row["mean"] is not None)
    strata = [
        {
            "value": _place(row),
            "population": [_population("measure-population", row["persons"])],
            **_score(row["mean"]),
        }
        for row in rows
    ]
    return {
        "population": [_population("measure-population", persons)],
        **_score(total / persons if persons else None),
        **_stratified("municipality", strata),
    }


def _population(code: str, count: int) -> Row:
    return {"code": Code(POPULATION, code).concept(), "count": count}


def _score(value: float | None) -> Row:
    """Leave an undefined score out: FHIR has no null, and 0 would be a lie."""
    return {} if value is None else {"measureScore": {"value": value}}


def _place(row: Row) -> dict[str, object]:
    return Code(MUNICIPALITY_CODE, row["municipality"]).concept()


def _stratified(name: str, strata: Sequence[Row]) -> Row:
    return {"stratifier": [{"code": [{"text": name}], "stratum": list(strata)}]} if strata else {}
