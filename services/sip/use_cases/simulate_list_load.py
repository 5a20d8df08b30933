"""What if: a unit's list after doctors have left and come, from the newest figures or from numbers given."""

from dataclasses import dataclass
from decimal import Decimal

from services.chassis.outcome import Told
from services.sip.domain.continuity.list_simulation import Doctors, ListOutlook, outlook, simulated
from services.sip.domain.errors import NotFound, RulesBroken
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, find_places
from services.sip.use_cases.measure_ports import FiguresStore
from services.sip.use_cases.read_indicators import indicator_rows


@dataclass(frozen=True, slots=True)
class Simulated:
    """The list as it is, and as it would be."""

    now: ListOutlook
    after: ListOutlook


async def list_of_unit(unit: str, desk: Desk, figures: FiguresStore) -> tuple[int, Doctors]:
    """Give who is listed at a unit (an HSA-id) and who works there, by the newest figures; NotFound before them."""
    places = await find_places([Named("unit", unit)], desk.asking, desk.store)
    key = places.units[unit]
    for row in await indicator_rows(figures, "list-load"):
        if row["unit"] == key:
            return row["listed"], Doctors(Decimal(str(row["specialists"])), Decimal(str(row["st_doctors"])))
    text = "Nobody is listed at this unit by the newest figures; give `listed` and `doctors` instead."
    raise NotFound(Told("not-found", text, "unit"))


def simulate_list_load(listed: int, doctors: Doctors, more_listed: int, change: Doctors) -> Simulated:
    """Compare a list with itself after a change; RulesBroken when more leave than there are."""
    now = outlook(listed, doctors)
    try:
        return Simulated(now, simulated(now, more_listed, change))
    except ValueError:
        text = (
            f"More leave than there are: {listed} residents, {doctors.specialists} specialists and "
            f"{doctors.st_doctors} ST doctors are there now; no list or staff can be less than none."
        )
        raise RulesBroken(Told("business-rule", text, "change", rule="list-load-below-nothing")) from None
