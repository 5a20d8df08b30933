"""Adding a goal to a plan."""

from services.sip.domain.building.goal import goal
from services.sip.domain.building.plan import with_references
from services.sip.domain.building.scribe import key_of
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.open_plan import PlanVersion, open_plan
from services.sip.use_cases.ports import Stored


async def add_goal(plan: PlanVersion, text: str, desk: Desk) -> Stored:
    """Store the goal and the plan that refers to it."""
    opened = await open_plan(plan, desk)
    new = goal(opened.scribe, text, begun=opened.resource.get("status") == "active")
    return await opened.save(with_references(opened.resource, "goal", [key_of(new)]), [new])
