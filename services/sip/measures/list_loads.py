"""How full each unit's list is: residents listed there, against the doctors who work there."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.sip.domain.continuity.list_simulation import Doctors, outlook
from services.sip.measures.cells import LISTED
from services.sip.measures.indicators import as_number, persons_in
from services.sip.measures.rollup import COUNTY, rolled
from services.sip.measures.tally import Tally

NOBODY = Doctors()


def list_loads(tally: Tally, doctors: Mapping[str, Doctors]) -> Iterator[dict[str, Any]]:
    """Give a row for each unit where somebody is listed; without doctors the load is null."""
    listed: dict[str, int] = {}
    counties: dict[str, set[str]] = {}
    for (unit, county), spread in rolled(tally, LISTED, ("unit", COUNTY)).items():
        listed[unit] = listed.get(unit, 0) + persons_in(spread)
        counties.setdefault(unit, set()).add(county)
    for unit, count in sorted(listed.items()):
        now = outlook(count, doctors.get(unit, NOBODY))
        yield {
            "unit": unit,
            "counties": sorted(counties[unit]),
            "listed": count,
            "specialists": float(now.doctors.specialists),
            "st_doctors": float(now.doctors.st_doctors),
            "capacity": as_number(now.capacity),
            "load": as_number(now.load),
        }
