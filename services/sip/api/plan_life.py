"""A plan's life: activated, paused, resumed, followed up, ended."""

from enum import Enum
from typing import Final

from fastapi import APIRouter, Response

from services.sip.api.dependencies import RepeatableDesk, SeenPlan, ThisDesk
from services.sip.api.guarded_route import ActivationRoute, GuardedRoute
from services.sip.api.models.new_plan import Ending, NewFollowUp
from services.sip.api.models.plan import Plan
from services.sip.api.plans import plan_answer
from services.sip.use_cases.activate_plan import activate_plan
from services.sip.use_cases.change_plan_status import change_plan_status
from services.sip.use_cases.end_plan import end_plan
from services.sip.use_cases.note_follow_up import note_follow_up

TAGS: Final[list[str | Enum]] = ["Life of a plan"]
activation = APIRouter(prefix="/plans/{id}", route_class=ActivationRoute, tags=TAGS)
router = APIRouter(prefix="/plans/{id}", route_class=GuardedRoute, tags=TAGS)


@activation.post("/activation", summary="Activate a plan")
async def activate(plan: SeenPlan, desk: ThisDesk, response: Response) -> Plan:
    """Let the plan begin. Refused while something is missing: `missing` names all of it, with the paragraph."""
    await activate_plan(plan, desk)
    return await plan_answer(plan.key, desk, response)


@activation.post("/resumption", summary="Resume a plan")
async def resume(plan: SeenPlan, desk: ThisDesk, response: Response) -> Plan:
    """Let a paused plan go on. Refused, as an activation is, while something is missing."""
    await change_plan_status(plan, "active", desk)
    return await plan_answer(plan.key, desk, response)


@router.post("/pause", summary="Pause a plan")
async def pause(plan: SeenPlan, desk: ThisDesk, response: Response) -> Plan:
    """Let the plan rest."""
    await change_plan_status(plan, "on-hold", desk)
    return await plan_answer(plan.key, desk, response)


@router.post("/follow-ups", summary="Note a follow-up")
async def follow_up(plan: SeenPlan, new: NewFollowUp, desk: RepeatableDesk, response: Response) -> Plan:
    """Note a follow-up: what was said, which goals were reached, when the next one is."""
    await note_follow_up(plan, new.wish(), desk)
    return await plan_answer(plan.key, desk, response)


@router.post("/ending", summary="End a plan")
async def end(plan: SeenPlan, new: Ending, desk: ThisDesk, response: Response) -> Plan:
    """End the plan, and say why."""
    await end_plan(plan, new.outcome, new.reason, desk)
    return await plan_answer(plan.key, desk, response)
