"""Ending a plan, with the reason."""

from services.sip.domain.building.plan import ended
from services.sip.domain.moments import SWEDEN
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.open_plan import PlanVersion, open_plan
from services.sip.use_cases.ports import Stored


async def end_plan(plan: PlanVersion, outcome: str, reason: str, desk: Desk) -> Stored:
    """Store the plan as completed or revoked (`outcome`), its period ended today."""
    opened = await open_plan(plan, desk)
    day = desk.asking.now.astimezone(SWEDEN).date()
    return await opened.save(ended(opened.resource, outcome, reason, day))
