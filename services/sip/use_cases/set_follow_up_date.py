"""Agreeing on when a plan is followed up."""

from datetime import date

from services.sip.domain.building.plan import with_activities
from services.sip.domain.building.scribe import key_of
from services.sip.domain.building.task import follow_up, moved
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.open_plan import PlanVersion, open_plan
from services.sip.use_cases.ports import Stored


async def set_follow_up_date(plan: PlanVersion, on: date, desk: Desk) -> Stored:
    """Move the follow-up that is to come, or plan one."""
    opened = await open_plan(plan, desk)
    planned = opened.next_follow_up()
    if planned:
        return await opened.save(opened.resource, changed=[(moved(planned.resource, on), planned.version)])
    task = follow_up(opened.scribe, opened.key, on, opened.over_all())
    return await opened.save(with_activities(opened.resource, [key_of(task)]), [task])
