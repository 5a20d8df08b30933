"""Summary MeasureReports made from the exact figures; whoever reads them has said who they are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from services.sip.domain.codes import FIXED_CONTACT_KIND, MUNICIPALITY_CODE, STAFF_ROLE, Code
from services.sip.domain.continuity.listed_unit import MONTHS, months_before
from services.sip.domain.continuity.profile import UNKNOWN
from services.sip.domain.held import Resource
from services.sip.domain.moments import SWEDEN
from services.sip.measures.cells import Kind
from services.sip.measures.exact_figures import EVERYBODY, canonical
from services.sip.measures.indicators import INDICATORS, LIST_LOAD, PLANS_BY_STATUS, Indicator, Row

POPULATION: Final = "http://terminology.hl7.org/CodeSystem/measure-population"
IMPROVEMENT: Final = "http://terminology.hl7.org/CodeSystem/measure-improvement-notation"
PLAN_STATUS: Final = "http://hl7.org/fhir/request-status"
DECREASE: Final = frozenset({"follow-ups-overdue", "staff-continuity", "sip-call-days", LIST_LOAD})
NEITHER: Final = frozenset({"plans-by-status", "contact-duration"})
SYSTEMS: Final = {"kind": FIXED_CONTACT_KIND, "profession": STAFF_ROLE, "status": PLAN_STATUS}
"""Code systems of the labels that have one; the others are told in words."""
BY_MONTHS: Final[Mapping[str, int]] = {
    **{f"continuity-{one}": MONTHS for one in ("coc", "coc-profession", "upc", "secon", "mmci", "k")},
    **dict.fromkeys(("sip-process", "sip-call-days", "sip-attendance", "sip-goals-reached"), 12),
    "resident-continuity": 12,
}
"""How many months before its day a measure looks back; the others are of the day."""


def measure_reports(exact: Row, now: datetime) -> list[Resource]:
    """Give one report per measure; its id holds the Swedish day, so that each day keeps its last report."""
    told = {one["id"]: one for one in exact["indicators"]}
    reports = [_report(one.id, _groups(one, told[one.id]), exact["edition"], now) for one in INDICATORS]
    return [*reports, _report(LIST_LOAD, [_list_loads(told[LIST_LOAD]["rows"])], exact["edition"], now)]


def _report(measure: str, groups: Sequence[Row], edition: int, now: datetime) -> Resource:
    day = now.astimezone(SWEDEN).date().isoformat()
    instant = now.isoformat(timespec="seconds")
    months = BY_MONTHS.get(measure)
    since = months_before(now, months).astimezone(SWEDEN).date().isoformat() if months else day
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
    if measure not in NEITHER:
        better = "decrease" if measure in DECREASE else "increase"
        report["improvementNotation"] = Code(IMPROVEMENT, better).concept()
    return report


def _groups(indicator: Indicator, told: Row) -> list[Row]:
    """Give a group for each value of the figure's first label, or one for all; plans by status are one whole."""
    rows, strata = told["rows"], told["strata"]
    first = indicator.figure.own[:1]
    if not first or indicator is PLANS_BY_STATUS:
        return [_group(indicator, rows, strata, indicator.figure.own)]
    [name] = first
    return [
        {
            "code": coded(name, value),
            **_group(indicator, of(rows, name, value), of(strata, name, value), indicator.figure.own[1:]),
        }
        for value in dict.fromkeys(own[0] for own in indicator.combinations)
    ]


def of(rows: Iterable[Row], name: str, value: str) -> list[Row]:
    """Give the rows that have a value."""
    return [row for row in rows if row[name] == value]


def coded(name: str, value: str) -> Row:
    """Write a value of a label as a CodeableConcept."""
    system = MUNICIPALITY_CODE if name == "municipality" and value != UNKNOWN else SYSTEMS.get(name)
    return Code(system, value).concept() if system else {"text": value}


def _group(indicator: Indicator, rows: list[Row], strata: list[Row], own: tuple[str, ...]) -> Row:
    """Write one group: over everybody, by municipality, and by each other way the figures are told apart."""
    whole = of(strata, "by", EVERYBODY)
    ways = [way for way in dict.fromkeys(row["by"] for row in strata) if way != EVERYBODY]
    stratifiers = [
        _stratifier([*own, "municipality"], indicator, rows),
        *(_stratifier([*own, "county", "group"], indicator, of(strata, "by", way), way) for way in ways),
    ]
    group = {**_values(indicator, _together(indicator, whole))}
    return group | ({"stratifier": found} if (found := [one for one in stratifiers if one]) else {})


def _together(indicator: Indicator, rows: Sequence[Row]) -> Row:
    """Add rows of counties up to one for everybody."""
    counted = {noun: sum(row[noun] for row in rows) for noun in indicator.nouns[:2]}
    if indicator.against is not None:
        having, population, share = indicator.nouns
        return counted | {share: counted[having] / counted[population] if counted[population] else None}
    if indicator.figure.kind is Kind.COUNT:
        return counted
    persons = counted[indicator.nouns[0]]
    total = sum(row["mean"] * row["persons"] for row in rows if row["mean"] is not None)
    return counted | {"mean": total / persons if persons else None}


def _values(indicator: Indicator, row: Row) -> Row:
    if indicator.against is not None:
        having, population, share = indicator.nouns
        told = [_population("denominator", row[population]), _population("numerator", row[having])]
        return {"population": told, **_score(row[share])}
    code = "initial-population" if indicator.figure.kind is Kind.COUNT else "measure-population"
    return {"population": [_population(code, row[indicator.nouns[0]])], **_score(row.get("mean"))}


def _stratifier(names: Sequence[str], indicator: Indicator, rows: Sequence[Row], way: str = "") -> Row:
    """Write a stratifier; of several labels each stratum names its components."""
    title = way or " and ".join(names)
    strata = [{**_stratum(names, row, way), **_values(indicator, row)} for row in rows]
    return {"code": [{"text": title}], "stratum": strata} if strata else {}


def _stratum(names: Sequence[str], row: Row, way: str) -> Row:
    if len(names) == 1:
        return {"value": coded(names[0], row[names[0]])}
    parts = [
        {"code": {"text": way if name == "group" else name}, "value": coded(name, row[name])}
        for name in names
    ]
    return {"component": parts}


def _list_loads(rows: Sequence[Row]) -> Row:
    strata = [
        {
            "value": {"text": row["unit"]},
            "population": [_population("measure-population", row["listed"])],
            **_score(row["load"]),
        }
        for row in rows
    ]
    group: Row = {"population": [_population("measure-population", sum(row["listed"] for row in rows))]}
    return group | ({"stratifier": [{"code": [{"text": "unit"}], "stratum": strata}]} if strata else {})


def _population(code: str, count: int) -> Row:
    return {"code": Code(POPULATION, code).concept(), "count": count}


def _score(value: float | None) -> Row:
    """Leave an undefined score out: FHIR has no null, and 0 would be a lie."""
    return {} if value is None else {"measureScore": {"value": value}}
