"""Deliveries to the caller's own subscriptions: every attempt visible, dead letters sent again on request."""

import logging
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.requests import Request

from services.notify.api.asking import caller_who_may, unit_of
from services.notify.domain.delivery import Delivery, Result, State
from services.notify.domain.subscription import Owner
from services.notify.use_cases.ports import Deliveries, Page
from services.notify.use_cases.replay_delivery import replay_delivery, replay_range

log = logging.getLogger(__name__)

router = APIRouter(prefix="/api/v1/deliveries", tags=["deliveries"])


class AttemptShown(BaseModel):
    """One attempt: when, how it ended, the HTTP status if there was one, how long it took."""

    at: datetime
    result: Result
    status: int | None
    seconds: float


class DeliveryShown(BaseModel):
    """One event on its way to a subscription, or to the unit by a way it has set; `webhook_id` is what arrives.

    What it is about is shown once an attempt has been allowed: what is withheld, or not asked about yet, says nothing.
    """

    id: str
    webhook_id: str
    subscription: str
    event_id: str | None
    type: str | None
    focus: str | None
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


class RangeAsked(BaseModel):
    """Which dead letters: of one subscription, by number or by when they arrived; all that is left out is open."""

    model_config = ConfigDict(extra="forbid")

    subscription: str | None = Field(default=None, max_length=64)
    first: int | None = Field(default=None, ge=1, description="The lowest event number.")
    last: int | None = Field(default=None, ge=1, description="The highest event number.")
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class Replayed(BaseModel):
    """How many will be sent again; with `more`, ask once more for the rest."""

    replayed: int
    more: bool


@router.post("/replay", status_code=202, summary="Send a range of dead letters again")
async def post_replay_range(request: Request, asked: RangeAsked) -> Replayed:
    """Begin anew with up to a thousand deliveries that were given up, the oldest first, each under its webhook-id."""
    owner = await _owner(request, "u")
    state = request.app.state
    wanted = asked.model_dump(exclude_none=True)
    replayed, more = await replay_range(wanted, owner, state.deliveries, state.subscribing.lanes)
    log.info("dead_letters_replayed", extra={"count": replayed, "client": owner.client_id})
    return Replayed(replayed=replayed, more=more)


async def _owner(request: Request, interaction: str) -> Owner:
    caller = await caller_who_may(request, "Subscription", interaction)
    return Owner(unit_of(caller), caller.client_id, caller.giver)


def _shown(row: Delivery) -> DeliveryShown:
    asked = row.number is not None or bool(row.attempts) or row.state is State.DELIVERED
    allowed = asked and row.state is not State.WITHHELD
    return DeliveryShown(
        id=row.id,
        webhook_id=row.webhook_id,
        subscription=row.target,
        event_id=row.event.id if allowed else None,
        type=row.event.type if allowed else None,
        focus=row.event.focus if allowed else None,
        number=row.number,
        state=row.state,
        arrived=row.arrived,
        attempts=[
            AttemptShown(at=one.at, result=one.result, status=one.status, seconds=one.seconds)
            for one in row.attempts
        ],
    )
