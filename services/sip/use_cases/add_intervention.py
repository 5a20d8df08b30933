"""Adding an intervention to a plan; the unit that answers for it takes part from then on."""

from services.sip.domain.building.draft import Deed
from services.sip.domain.building.plan import with_activities
from services.sip.domain.building.scribe import key_of
from services.sip.domain.building.task import intervention
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, find_places
from services.sip.use_cases.open_plan import PlanVersion, open_plan
from services.sip.use_cases.ports import Stored


async def add_intervention(plan: PlanVersion, deed: Deed, desk: Desk) -> Stored:
    """Store the task, the plan, and the team if the unit is new to it."""
    opened = await open_plan(plan, desk)
    places = await find_places([Named("/responsible_unit", deed.unit)], desk.asking, desk.store)
    owner = places.units[deed.unit]
    task = intervention(opened.scribe, opened.key, deed.text, owner, deed.due)
    revised, team = opened.with_parties(with_activities(opened.resource, [key_of(task)]), [], [owner])
    return await opened.save(revised, [task], team)
