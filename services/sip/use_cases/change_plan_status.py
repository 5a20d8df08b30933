"""Pausing a plan, and letting it go on."""

from services.sip.use_cases.desk import Desk
from services.sip.use_cases.open_plan import PlanVersion, open_plan
from services.sip.use_cases.ports import Stored


async def change_plan_status(plan: PlanVersion, status: str, desk: Desk) -> Stored:
    """Store the plan with the status; raises RulesBroken where its life has no such step."""
    opened = await open_plan(plan, desk)
    return await opened.save(opened.resource | {"status": status})
