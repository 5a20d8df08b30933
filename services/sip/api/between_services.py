"""What other services and the follow-up of care ask for: the right to know, and exact figures."""

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Response
from pydantic import Field

from services.chassis.outcome import Told
from services.chassis.scopes import allows
from services.sip.api.dependencies import ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.words import Asked, HsaId, Shown
from services.sip.domain.errors import ScopeTooNarrow
from services.sip.use_cases.right_to_know import Whole, right_to_know

router = APIRouter(route_class=GuardedRoute, tags=["Between services"])


class KnowledgeAsked(Asked):
    """May this unit be told about this change?"""

    unit: HsaId
    focus: Annotated[
        str, Field(pattern=r"^[A-Z][A-Za-z]{2,40}/[A-Za-z0-9\-.]{1,64}$", examples=["CarePlan/7f"])
    ]
    topic: Annotated[str, Field(max_length=300)]
    payload: Literal["empty", "id-only", "full-resource"] = "id-only"
    giver: HsaId | None = None
    """The unit's care giver, in whose access log it stands that a whole resource was sent."""


class Knowledge(Shown):
    """Whether it may, and on what ground; the resource itself if full-resource was asked for and it may."""

    allowed: bool
    reason: str
    resource: dict[str, Any] | None = None


@router.post("/right-to-know", summary="Ask for the right to know", response_model=Knowledge)
async def know(asked: KnowledgeAsked, desk: ThisDesk) -> Response:
    """Say whether a unit may be told of a change now; notify asks before each attempt, and nobody else may.

    For ids no access is recorded: notify knew the id already, and nothing about a person goes to anybody. A whole
    resource is read by the unit that it is sent to, and recorded so.
    """
    if not allows(desk.asking.caller.scopes, "right-to-know", "c"):
        text = "The token does not allow this: no scope covers c on right-to-know."
        raise ScopeTooNarrow(Told("forbidden", text))
    whole = Whole(asked.giver) if asked.payload == "full-resource" else None
    answer = await right_to_know(asked.unit, asked.focus, whole, desk.asking, desk.store)
    told = orjson.dumps({"allowed": answer.allowed, "reason": answer.reason})
    if answer.body is not None:
        told = told[:-1] + b',"resource":' + answer.body + b"}"
    return Response(told, media_type="application/json")
