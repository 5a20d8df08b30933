"""Letting somebody take part in a plan."""

from services.sip.domain.building.plan import with_references
from services.sip.domain.building.scribe import key_of
from services.sip.domain.building.team import Member, team
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.draft_plan import Joins
from services.sip.use_cases.find_places import find_places
from services.sip.use_cases.open_plan import PlanVersion, open_plan
from services.sip.use_cases.ports import Stored


async def add_team_member(plan: PlanVersion, joins: Joins, desk: Desk) -> Stored:
    """Store the team and the plan; a plan that has no team gets one, with the writer in it."""
    opened = await open_plan(plan, desk)
    places = await find_places([joins.named], desk.asking, desk.store)
    member = joins.member(places)
    revised, larger = opened.with_parties(opened.resource, [member], [])
    if opened.resource.get("careTeam"):
        return await opened.save(revised, changed=larger)
    scribe = opened.scribe
    first = team(scribe, [Member(scribe.who, scribe.unit), member])
    return await opened.save(with_references(revised, "careTeam", [key_of(first)]), [first])
