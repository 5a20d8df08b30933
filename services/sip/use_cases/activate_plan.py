"""Activating a plan: everything that is still missing is named at once, or it runs and its goals begin."""

from services.sip.domain.building.goal import NOT_BEGUN, begun
from services.sip.domain.building.plan import activated
from services.sip.domain.moments import SWEDEN
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.open_plan import PlanVersion, open_plan
from services.sip.use_cases.ports import Stored


async def activate_plan(plan: PlanVersion, desk: Desk) -> Stored:
    """Store the plan as active; raises RulesBroken naming what law or agreement still asks for."""
    opened = await open_plan(plan, desk)
    goals = [
        (begun(one.resource), one.version)
        for one in opened.referred("goal")
        if one.resource.get("lifecycleStatus") in NOT_BEGUN
    ]
    day = desk.asking.now.astimezone(SWEDEN).date()
    return await opened.save(activated(opened.resource, day), changed=goals)
