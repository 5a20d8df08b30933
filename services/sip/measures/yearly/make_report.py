"""Make the report: the months that were published, those before them worked out backwards, and the names of places."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import orjson

from services.sip.domain.codes import COUNTY_CODE, MUNICIPALITY_CODE
from services.sip.domain.moments import SWEDEN
from services.sip.measures.cells import FOLLOW_UPS_OVERDUE, PLANS, Cell
from services.sip.measures.compute import Heartbeat, compute_figures
from services.sip.measures.indicators import LIST_LOAD
from services.sip.measures.publication import PublicationRule, State, republished, state_of
from services.sip.measures.published import states_as_json, states_from_json
from services.sip.measures.rollup import told_cells
from services.sip.measures.yearly.facts import Edition, Names, YearFacts
from services.sip.measures.yearly.page import report_page
from services.sip.use_cases.measure_ports import FiguresSource, FiguresStore, PublishedMonths

UNDATED: Final = (PLANS.name, FOLLOW_UPS_OVERDUE.name)
"""Of these the record knows how they are, and not how they were on an earlier day."""
MONTH_NAMES: Final = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)


class PlaceNames(Protocol):
    """What places are called."""

    async def organizations(self) -> list[dict[str, Any]]:
        """Read every Organization."""


class NothingPublished(Exception):
    """There is nothing to report of; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Reporting:
    """What the report is made from."""

    source: FiguresSource
    figures: FiguresStore
    months: PublishedMonths
    names: PlaceNames
    rule: PublicationRule


async def make_report(reporting: Reporting, year: int, county: str, heartbeat: Heartbeat) -> str:
    """Give the page; NothingPublished when nothing is known of the year or the county."""
    kept = await reporting.figures.latest()
    first = await reporting.months.first()
    if kept is None or first is None:
        raise NothingPublished(
            "Nothing is published yet: let `samplan sip measures` run once, then try again."
        )
    await _work_out_before(reporting, year, first, heartbeat)
    known = await reporting.months.of_year(year)
    editions = [
        Edition(month, states_from_json(published), reporting.rule) for month, published in known.items()
    ]
    if not editions:
        raise NothingPublished(f"Nothing is published of {year}.")
    if not any(len(cell.labels[-1]) == 4 and cell.labels[-1][:2] == county for cell in editions[-1].states):
        told = sorted({cell.labels[-1][:2] for cell in editions[-1].states if len(cell.labels[-1]) == 4})
        raise NothingPublished(
            f"Nothing is published of county {county}; there is {', '.join(told) or 'none'}."
        )
    exact = orjson.loads(kept.exact)
    loads: list[dict[str, Any]] = next(
        (one["rows"] for one in exact["indicators"] if one["id"] == LIST_LOAD), []
    )
    names = names_of(await reporting.names.organizations(), county)
    day = kept.computed.astimezone(SWEDEN)
    made = f"den {day.day} {MONTH_NAMES[day.month - 1]} {day.year}"
    return report_page(YearFacts(year, county, names, editions, loads, made))


async def _work_out_before(
    reporting: Reporting, year: int, first: tuple[str, bytes], heartbeat: Heartbeat
) -> None:
    """Work out the months of the year before anything was published, the latest first, and keep them.

    Each keeps the states of the month after it unless enough persons differ: two neighbouring months lie as far
    apart as two publications must, from whichever side one reads. What is kept once is not worked out again.
    """
    month, states = first[0], states_from_json(first[1])
    for before, at in _months_before(month, year):
        tally = await compute_figures(reporting.source, at, heartbeat)
        then: Mapping[Cell, State] = {
            cell: state_of(cell, spread) for cell, spread in told_cells(tally) if cell.figure not in UNDATED
        }
        dated = {cell: state for cell, state in states.items() if cell.figure not in UNDATED}
        states = republished(reporting.rule, dated, then)
        await reporting.months.keep(before, states_as_json(states), at)


def _months_before(month: str, year: int) -> Iterator[tuple[str, datetime]]:
    """Give the months of a year before a month, the latest first, each with its last moment in Sweden."""
    number = int(month[5:]) if int(month[:4]) == year else 13 if int(month[:4]) > year else 1
    for earlier in range(number - 1, 0, -1):
        following = datetime(year + earlier // 12, earlier % 12 + 1, 1, tzinfo=SWEDEN)
        yield f"{year}-{earlier:02}", following - timedelta(seconds=1)


def names_of(organizations: Iterable[Mapping[str, Any]], county: str) -> Names:
    """Sort the directory's names by what they name."""
    listed: Sequence[Mapping[str, Any]] = list(organizations)
    counties, municipalities = _by_code(listed, COUNTY_CODE), _by_code(listed, MUNICIPALITY_CODE)
    units = {f"Organization/{one['id']}": str(one.get("name", "enhet utan namn")) for one in listed}
    return Names(counties.get(county, f"län {county}"), municipalities, units)


def _by_code(organizations: Sequence[Mapping[str, Any]], system: str) -> dict[str, str]:
    return {
        str(identifier.get("value")): str(one.get("name", identifier.get("value")))
        for one in organizations
        for identifier in one.get("identifier", ())
        if identifier.get("system") == system
    }
