"""The exact figures as plain JSON, for callers who have said who they are: nothing rounded or left out."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from services.sip.domain.codes import BASE
from services.sip.domain.continuity.list_simulation import Doctors
from services.sip.domain.continuity.profile import WAYS
from services.sip.measures.cells import COC_BY_UNIT, MUNICIPALITY, Figure
from services.sip.measures.indicators import COC, INDICATORS, LIST_LOAD, Indicator, Row
from services.sip.measures.list_loads import list_loads
from services.sip.measures.rollup import COUNTY, Table, county_of, rolled
from services.sip.measures.tally import Tally

VERSION: Final = "1.1.0"
MEASURES: Final = (*(one.id for one in INDICATORS), LIST_LOAD)
"""Ids of the Measures that define the indicators (contracts/fhir/measure-*.json)."""
EVERYBODY: Final = "all"
NO_DOCTORS: Final[Mapping[str, Doctors]] = {}


def canonical(measure: str) -> str:
    """Give the canonical URL of a Measure of ours, with its version."""
    return f"{BASE}Measure/{measure}|{VERSION}"


def exact_figures(
    tally: Tally, edition: int, computed: datetime, doctors: Mapping[str, Doctors] = NO_DOCTORS
) -> Row:
    """Give every indicator by municipality, then by county and group; what is undefined is null and never 0."""
    places = sorted({cell.labels[-1] for cell, _ in tally.cells()})
    told = [
        {
            "id": one.id,
            "measure": canonical(one.id),
            "rows": list(_by_municipality(tally, one, places)),
            "strata": list(_by_group(tally, one, places)),
        }
        for one in INDICATORS
    ]
    loads = {"id": LIST_LOAD, "measure": canonical(LIST_LOAD), "rows": list(list_loads(tally, doctors))}
    return {
        "edition": edition,
        "computed": computed.isoformat(timespec="seconds"),
        "indicators": [*told, {**loads, "strata": []}],
    }


def _by_municipality(tally: Tally, indicator: Indicator, places: list[str]) -> Iterator[Row]:
    having, lacking = _tables(tally, indicator, MUNICIPALITY)
    for place in places:
        for row in indicator.rows(having, lacking, (place,)):
            yield {"municipality": place, **row}


def _by_group(tally: Tally, indicator: Indicator, places: list[str]) -> Iterator[Row]:
    """Give each county as a whole, then by each way of grouping people, then by unit where units are told apart."""
    whole = _tables(tally, indicator, COUNTY)
    for county in sorted({county_of(place) for place in places}):
        for row in indicator.rows(*whole, (county,)):
            yield {"county": county, "by": EVERYBODY, "group": EVERYBODY, **row}
    ways = {way: _tables(tally, indicator, way, COUNTY) for way in WAYS}
    if indicator is COC:
        ways["unit"] = rolled(tally, COC_BY_UNIT, (*COC_BY_UNIT.own, COUNTY)), {}
    for way, (having, lacking) in ways.items():
        for group, county in sorted({labels[-2:] for labels in (*having, *lacking)}):
            for row in indicator.rows(having, lacking, (group, county)):
                yield {"county": county, "by": way, "group": group, **row}


def _tables(tally: Tally, indicator: Indicator, *keep: str) -> tuple[Table, Table]:
    def table(figure: Figure) -> Table:
        return rolled(tally, figure, (*figure.own, *keep))

    return table(indicator.figure), table(indicator.against) if indicator.against else {}
