"""Drafting a whole plan in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.sip.domain.building.draft import PlanWish, drafted
from services.sip.domain.building.team import Member
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, Places, find_places
from services.sip.use_cases.find_scribe import find_scribe
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.read_plan import check_plan_scopes
from services.sip.use_cases.write_once import write_once


@dataclass(frozen=True, slots=True)
class Joins:
    """Somebody who is to take part: an assignment, or a unit as such, and the role in words."""

    named: Named
    role: str | None = None

    def member(self, places: Places) -> Member:
        """Find them in the directory."""
        return Member(places.of(self.named), places.units[self.named.unit], self.role)


async def draft_plan(person: str, wish: PlanWish, team: Sequence[Joins], desk: Desk) -> Stored:
    """Give the CarePlan; raises RulesBroken, ShapeBroken, NotAllowed, ScopeTooNarrow."""
    await check_plan_scopes(desk)
    scribe = await find_scribe(person, desk)
    named = [one.named for one in team]
    named += [
        Named(f"/interventions/{place}/responsible_unit", one.unit)
        for place, one in enumerate(wish.interventions)
    ]
    if wish.responsible_unit:
        named.append(Named("/responsible_unit", wish.responsible_unit))
    places = await find_places(named, desk.asking, desk.store)
    members = [one.member(places) for one in team]
    return await write_once(drafted(scribe, wish, places.units, members), [], desk)
