"""/plans: drafted whole, read whole, listed."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from services.sip.api.dependencies import Next, PersonId, PlanId, RepeatableDesk, ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.new_plan import NewPlan
from services.sip.api.models.plan import Plan, Plans
from services.sip.api.views.plan import plan_view, summary_view
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.draft_plan import draft_plan
from services.sip.use_cases.list_plans import list_plans
from services.sip.use_cases.list_record import list_record
from services.sip.use_cases.read_plan import read_plan

router = APIRouter(route_class=GuardedRoute, tags=["Plans"])

PlanStatus = Literal["draft", "active", "on-hold", "completed", "revoked", "entered-in-error"]


async def plan_answer(key: str, desk: Desk, response: Response) -> Plan:
    """Answer with the plan as it now is, and its ETag."""
    whole = await read_plan(key, desk)
    response.headers["ETag"] = f'W/"{whole.plan.version}"'
    return plan_view(whole, desk.policy.base, desk.asking.now)


@router.post("/persons/{id}/plans", summary="Draft a plan", status_code=201)
async def draft(id: PersonId, new: NewPlan, desk: RepeatableDesk, response: Response) -> Plan:
    """Draft a plan with its goals, interventions and team, all at once. You answer over all unless you say who does."""
    stored = await draft_plan(f"Patient/{id}", new.wish(), new.joining(), desk)
    response.headers["Location"] = f"/api/v1/plans/{stored.key.partition('/')[2]}"
    return await plan_answer(stored.key, desk, response)


@router.get("/persons/{id}/plans", summary="List plans of a person")
async def plans_of(id: PersonId, desk: ThisDesk) -> Plans:
    """List the person's plans."""
    found = await list_record(f"Patient/{id}", "CarePlan", (), desk)
    return Plans(plans=[summary_view(one, desk.policy.base) for one in found], next=None)


@router.get("/plans", summary="List plans of your unit")
async def plans(
    desk: ThisDesk,
    status: PlanStatus | None = None,
    count: Annotated[int, Query(ge=1, le=100)] = 50,
    page: Next = None,
) -> Plans:
    """List the plans that your unit takes part in."""
    found = await list_plans(status, page, count, desk)
    narrowed = f"status={status}&" if status else ""
    return Plans(
        plans=[summary_view(one, desk.policy.base) for one in found.plans],
        next=f"/api/v1/plans?{narrowed}count={count}&next={found.next}" if found.next else None,
    )


@router.get("/plans/{id}", summary="Read a plan")
async def read(id: PlanId, desk: ThisDesk, response: Response) -> Plan:
    """Read a plan with everything in it that you may see. Its ETag is what If-Match asks for when you change it."""
    return await plan_answer(f"CarePlan/{id}", desk, response)
