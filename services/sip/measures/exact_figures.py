"""The exact figures as plain JSON, for callers who have said who they are: nothing rounded or left out."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from services.sip.domain.codes import BASE, FIXED_CONTACT_KINDS
from services.sip.domain.continuity.coverage import coverage
from services.sip.measures.cells import (
    COC_INDEX,
    CONTACT_HELD,
    CONTACT_LACKED,
    FOLLOW_UPS_OVERDUE,
    PLANS,
    Cell,
    Spread,
)
from services.sip.measures.contributions import PLAN_STATUSES
from services.sip.measures.tally import Tally

Row = dict[str, Any]
VERSION: Final = "1.0.0"
PLANS_BY_STATUS: Final = "plans-by-status"
OVERDUE: Final = "follow-ups-overdue"
COVERAGE: Final = "fixed-contact-coverage"
COC: Final = "continuity-coc"
MEASURES: Final = (PLANS_BY_STATUS, OVERDUE, COVERAGE, COC)
"""Ids of the Measures that define the indicators (contracts/fhir/measure-*.json)."""


def canonical(measure: str) -> str:
    """Give the canonical URL of a Measure of ours, with its version."""
    return f"{BASE}Measure/{measure}|{VERSION}"


def exact_figures(tally: Tally, edition: int, computed: datetime) -> Row:
    """Give every indicator by municipality; what is undefined is null and never 0."""
    places = sorted({cell.labels[-1] for cell, _ in tally.cells()})
    rows = {
        PLANS_BY_STATUS: _plans(tally, places),
        OVERDUE: _overdue(tally, places),
        COVERAGE: _coverage(tally, places),
        COC: _coc(tally, places),
    }
    return {
        "edition": edition,
        "computed": computed.isoformat(timespec="seconds"),
        "indicators": [
            {"id": measure, "measure": canonical(measure), "rows": list(rows[measure])}
            for measure in MEASURES
        ],
    }


def persons_in(spread: Spread) -> int:
    """Count the persons of a cell."""
    return sum(spread.values())


def sum_of(spread: Spread) -> Fraction:
    """Add up the numbers of a cell."""
    return sum((Fraction(number) * count for number, count in spread.items()), Fraction(0))


def _plans(tally: Tally, places: Sequence[str]) -> Iterator[Row]:
    for place in places:
        for status in PLAN_STATUSES:
            spread = tally.spread(Cell(PLANS.name, (status, place)))
            yield {
                "municipality": place,
                "status": status,
                "plans": int(sum_of(spread)),
                "persons": persons_in(spread),
            }


def _overdue(tally: Tally, places: Sequence[str]) -> Iterator[Row]:
    for place in places:
        spread = tally.spread(Cell(FOLLOW_UPS_OVERDUE.name, (place,)))
        yield {"municipality": place, "follow_ups": int(sum_of(spread)), "persons": persons_in(spread)}


def _coverage(tally: Tally, places: Sequence[str]) -> Iterator[Row]:
    for place in places:
        for kind in FIXED_CONTACT_KINDS:
            labels = (kind.code, place)
            having = persons_in(tally.spread(Cell(CONTACT_HELD.name, labels)))
            population = having + persons_in(tally.spread(Cell(CONTACT_LACKED.name, labels)))
            yield {
                "municipality": place,
                "kind": kind.code,
                "with_contact": having,
                "population": population,
                "coverage": _number(coverage(having, population)),
            }


def _coc(tally: Tally, places: Sequence[str]) -> Iterator[Row]:
    for place in places:
        spread = tally.spread(Cell(COC_INDEX.name, (place,)))
        persons = persons_in(spread)
        yield {
            "municipality": place,
            "persons": persons,
            "mean": _number(sum_of(spread) / persons if persons else None),
        }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
