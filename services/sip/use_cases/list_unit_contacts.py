"""Who had whom at a unit on a day, or with one of its staff, as far as the caller may see; a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import orjson

from services.chassis.outcome import Told
from services.sip.domain.care.contact.timeline import held_on
from services.sip.domain.codes import FIXED_CONTACT
from services.sip.domain.errors import NotFound
from services.sip.domain.held import Resource
from services.sip.domain.moments import SWEDEN
from services.sip.domain.search_query import Condition, DateCondition, SearchQuery, TermCondition
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, look_up, roles_at
from services.sip.use_cases.page_tokens import page_token, read_page_token
from services.sip.use_cases.search_resources import search_resources

OF_CONTACTS: Final = TermCondition("category", (f"category={FIXED_CONTACT.system}|{FIXED_CONTACT.code}",))
HELD: Final = TermCondition("status", ("status=active", "status=suspended", "status=inactive"))


@dataclass(frozen=True, slots=True)
class UnitAsked:
    """The unit (HSA-id), one of its staff or all, and the day."""

    unit: str
    employee: str | None
    day: date


async def list_unit_contacts(
    asked: UnitAsked, page: str | None, count: int, desk: Desk
) -> tuple[Sequence[Resource], str | None]:
    """Give the contacts that held on the day, and the token to go on with; raises NotFound for an unknown unit."""
    roles = await _roles(asked, desk)
    if not roles:
        return [], None
    conditions: list[Condition] = [OF_CONTACTS, HELD, held_by(roles), *_on(asked.day)]
    after = read_page_token(page) if page else None
    query = SearchQuery("CareTeam", conditions, count=count, after=after)
    found = await search_resources(query, desk.asking, desk.store, f"CareTeam?participant={asked.unit}")
    teams = [orjson.loads(hit.body) for hit in found.hits]
    held = [one for one in teams if held_on(one, asked.day)]
    return held, page_token(found.cursor) if found.cursor else None


def held_by(roles: Sequence[str]) -> TermCondition:
    """Find what one of these roles holds."""
    return TermCondition("participant", tuple(f"participant>{one}" for one in roles))


async def _roles(asked: UnitAsked, desk: Desk) -> Sequence[str]:
    named = Named("unit", asked.unit, asked.employee)
    places = await look_up([named], desk.asking, desk.store)
    unit = places.units.get(asked.unit)
    if unit is None:
        text = f"No unit has the HSA-id {asked.unit} in the directory; check it, or have the unit added."
        raise NotFound(Told("not-found", text, "unit", rule="unit-unknown"))
    return await roles_at(unit, asked.employee, desk.asking, desk.store)


def _on(day: date) -> list[Condition]:
    """A contact's period meets the day; held_on then reads it to the moment."""
    first = datetime.combine(day, time(), SWEDEN)
    span = (first, first + timedelta(days=1))
    return [DateCondition("date", (("le", *span),)), DateCondition("date", (("ge", *span),))]
