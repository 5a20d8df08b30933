"""Noting what somebody else than region and municipality does, or that there is nothing."""

from services.sip.domain.building.draft import OthersDeed
from services.sip.domain.building.plan import (
    NO_ACTIONS,
    with_activities,
    with_extension,
    without_extension,
)
from services.sip.domain.building.scribe import key_of
from services.sip.domain.building.task import action_by_other
from services.sip.domain.codes import EXT_NO_ACTIONS_BY_OTHERS
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.open_plan import PlanVersion, open_plan
from services.sip.use_cases.ports import Stored


async def add_action_by_other(plan: PlanVersion, deed: OthersDeed | None, desk: Desk) -> Stored:
    """Store the task and the plan; no deed states that it was asked and there is nothing."""
    opened = await open_plan(plan, desk)
    if deed is None:
        return await opened.save(with_extension(opened.resource, NO_ACTIONS))
    task = action_by_other(opened.scribe, opened.key, deed.text, deed.who)
    stated = without_extension(opened.resource, EXT_NO_ACTIONS_BY_OTHERS)
    return await opened.save(with_activities(stated, [key_of(task)]), [task])
