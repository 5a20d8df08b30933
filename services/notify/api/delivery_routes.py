"""Deliveries to the caller's own subscriptions: every attempt visible, dead letters sent again on request."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.requests import Request

from services.notify.api.asking import caller_who_may, unit_of
from services.notify.domain.delivery import Delivery, Result, State
from services.notify.domain.subscription import Owner
from services.notify.use_cases.ports import Deliveries, Page
from services.notify.use_cases.replay_delivery import replay_delivery

router = APIRouter(prefix="/api/v1/deliveries", tags=["deliveries"])


class AttemptShown(BaseModel):
    """One attempt: when, how it ended, the HTTP status if there was one, how long it took."""

    at: datetime
    result: Result
    status: int | None
    seconds: float


class DeliveryShown(BaseModel):
    """One event on its way to one subscription; `webhook_id` is what the receiver sees."""

    id: str
    webhook_id: str
    subscription: str
    event_id: str
    type: str
    focus: str
    number: int | None
    state: State
    arrived: datetime
    attempts: list[AttemptShown]


class DeliveriesShown(BaseModel):
    """A page of deliveries, latest first; `next` goes into `after` for the next one."""

    deliveries: list[DeliveryShown]
    next: str | None


@router.get("", summary="List deliveries to the caller's own subscriptions")
async def list_deliveries(
    request: Request,
    *,
    subscription: Annotated[str | None, Query(max_length=64, description="The subscription's id.")] = None,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str | None, Query(max_length=100)] = None,
) -> DeliveriesShown:
    """Dead letters are those in the state dead."""
    owner = await _owner(request, "r")
    wanted = {"subscription": subscription, "state": state.value if state else None}
    deliveries: Deliveries = request.app.state.deliveries
    asked = {name: value for name, value in wanted.items() if value is not None}
    found, place = await deliveries.of_owner(owner, asked, Page(limit, after))
    return DeliveriesShown(deliveries=[_shown(row) for row in found], next=place)


@router.post("/{delivery_id}/replay", status_code=202, summary="Send a dead letter again")
async def post_replay(request: Request, delivery_id: str) -> DeliveryShown:
    """Begin anew with a delivery that was given up; the receiver sees the same webhook-id."""
    owner = await _owner(request, "u")
    state = request.app.state
    return _shown(await replay_delivery(delivery_id, owner, state.deliveries, state.subscribing.lanes))


async def _owner(request: Request, interaction: str) -> Owner:
    caller = await caller_who_may(request, "Subscription", interaction)
    return Owner(unit_of(caller), caller.client_id)


def _shown(row: Delivery) -> DeliveryShown:
    return DeliveryShown(
        id=row.id,
        webhook_id=f"msg_{row.id}",
        subscription=row.target,
        event_id=row.event.id,
        type=row.event.type,
        focus=row.event.focus,
        number=row.number,
        state=row.state,
        arrived=row.arrived,
        attempts=[
            AttemptShown(at=one.at, result=one.result, status=one.status, seconds=one.seconds)
            for one in row.attempts
        ],
    )
