"""What is added to a plan: each call says which version it saw, and answers with the plan as it now is."""

from fastapi import APIRouter, Response

from services.sip.api.dependencies import RepeatableDesk, SeenPlan, ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.new_plan import (
    FollowUpDate,
    NewActionByOther,
    NewGoal,
    NewIntervention,
    NewMember,
    WhatMatters,
)
from services.sip.api.models.plan import Plan
from services.sip.api.plans import plan_answer
from services.sip.use_cases.add_action_by_other import add_action_by_other
from services.sip.use_cases.add_goal import add_goal
from services.sip.use_cases.add_intervention import add_intervention
from services.sip.use_cases.add_team_member import add_team_member
from services.sip.use_cases.set_follow_up_date import set_follow_up_date
from services.sip.use_cases.state_what_matters import state_what_matters

router = APIRouter(prefix="/plans/{id}", route_class=GuardedRoute, tags=["Content of a plan"])


@router.post("/goals", summary="Add a goal")
async def goal(plan: SeenPlan, new: NewGoal, desk: RepeatableDesk, response: Response) -> Plan:
    """Add a goal."""
    await add_goal(plan, new.text, desk)
    return await plan_answer(plan.key, desk, response)


@router.post("/interventions", summary="Add an intervention")
async def intervention(
    plan: SeenPlan, new: NewIntervention, desk: RepeatableDesk, response: Response
) -> Plan:
    """Add an intervention. The unit that answers for it takes part in the plan from then on."""
    await add_intervention(plan, new.deed(), desk)
    return await plan_answer(plan.key, desk, response)


@router.post("/actions-by-others", summary="Add what others do")
async def action(plan: SeenPlan, new: NewActionByOther, desk: RepeatableDesk, response: Response) -> Plan:
    """Add what somebody else than region and municipality does, or state that there is nothing."""
    await add_action_by_other(plan, new.deed(), desk)
    return await plan_answer(plan.key, desk, response)


@router.post("/team-members", summary="Let somebody take part")
async def member(plan: SeenPlan, new: NewMember, desk: ThisDesk, response: Response) -> Plan:
    """Let a unit, or somebody of its staff, take part. They may see the plan as far as consent covers them."""
    await add_team_member(plan, new.joins(), desk)
    return await plan_answer(plan.key, desk, response)


@router.put("/what-matters", summary="Note what matters")
async def what_matters(plan: SeenPlan, new: WhatMatters, desk: ThisDesk, response: Response) -> Plan:
    """Note what matters to the person, in place of an earlier answer."""
    await state_what_matters(plan, new.answer(), desk)
    return await plan_answer(plan.key, desk, response)


@router.put("/follow-up-date", summary="Set the follow-up date")
async def follow_up_date(plan: SeenPlan, new: FollowUpDate, desk: ThisDesk, response: Response) -> Plan:
    """Agree on when the plan is followed up."""
    await set_follow_up_date(plan, new.date, desk)
    return await plan_answer(plan.key, desk, response)
