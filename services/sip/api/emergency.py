"""Emergency access: a record opened where life or health is at stake."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import Field

from services.sip.api.dependencies import PersonId, ThingId, ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.words import Asked, Shown, Text
from services.sip.api.wiring import Wiring
from services.sip.use_cases.lift_block import lift_block
from services.sip.use_cases.open_in_emergency import Emergency, open_in_emergency

router = APIRouter(route_class=GuardedRoute, tags=["Access log"])


class EmergencyStated(Asked):
    """Why the record must be open now; both are kept in the access log, and looked at afterwards."""

    danger: Literal["life", "serious-health-risk"]
    reason: Text = Field(
        examples=["Medvetslös på akuten, läkemedel okända, kan inte samtycka."], min_length=10
    )


class Opened(Shown):
    """Until when the caller's unit reads the record, and what stays shut."""

    id: str = Field(description="The emergency, by its entry in the access log: AuditEvent/<id>")
    until: datetime
    blocked_by: list[str] = Field(
        description="Care givers (HSA-ids) that hold blocked data: ask them to lift the block, naming the id"
    )


class LiftStated(Asked):
    """Why the block is lifted; kept in the access log."""

    reason: Text = Field(examples=["Ringde från akuten; läkemedelslistan behövs."], min_length=10)


class Lifted(Shown):
    """Until when the unit that opened reads what this care giver had blocked."""

    until: datetime


@router.post("/persons/{id}/emergency-access", summary="Open in an emergency")
async def open_record(request: Request, id: PersonId, stated: EmergencyStated, desk: ThisDesk) -> Opened:
    """Open one person's record to the caller's unit for some hours. For care givers alone.

    The own care giver's inner blocks yield at once. What another care giver has blocked stays shut until that care
    giver lifts the block. The privacy officers of all concerned are told.
    """
    wiring: Wiring = request.app.state.wiring
    emergency = Emergency(stated.danger, stated.reason)
    opened = await open_in_emergency(f"Patient/{id}", emergency, desk, wiring.emergencies)
    return Opened(id=opened.id, until=opened.until, blocked_by=list(opened.blocked_by))


@router.post(
    "/persons/{id}/emergency-access/{emergency}/lifted-block", summary="Lift a block for an emergency"
)
async def lift(
    request: Request, id: PersonId, emergency: ThingId, stated: LiftStated, desk: ThisDesk
) -> Lifted:
    """Let the own care giver's block yield to another's emergency, for as long as that lasts."""
    wiring: Wiring = request.app.state.wiring
    until = await lift_block(f"Patient/{id}", emergency, stated.reason, desk, wiring.emergencies)
    return Lifted(until=until)
