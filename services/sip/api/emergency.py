"""Emergency access: a record opened where life or health is at stake."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import Field

from services.sip.api.dependencies import PersonId, ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.words import Asked, Shown, Text
from services.sip.api.wiring import Wiring
from services.sip.use_cases.open_in_emergency import Emergency, open_in_emergency

router = APIRouter(route_class=GuardedRoute, tags=["Access log"])


class EmergencyStated(Asked):
    """Why the record must be open now; both are kept in the access log, and looked at afterwards."""

    danger: Literal["life", "serious-health-risk"]
    reason: Text = Field(
        examples=["Medvetslös på akuten, läkemedel okända, kan inte samtycka."], min_length=10
    )


class Opened(Shown):
    """Until when the caller's unit reads the record."""

    until: datetime


@router.post("/persons/{id}/emergency-access", summary="Open in an emergency")
async def open_record(request: Request, id: PersonId, stated: EmergencyStated, desk: ThisDesk) -> Opened:
    """Open one person's record to the caller's unit for some hours, blocks and all. For care givers alone."""
    wiring: Wiring = request.app.state.wiring
    emergency = Emergency(stated.danger, stated.reason)
    return Opened(until=await open_in_emergency(f"Patient/{id}", emergency, desk, wiring.emergencies))
