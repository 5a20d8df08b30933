"""POST /events: CloudEvents 1.0 in, one or a batch; each accepted event is durable before the answer goes out."""

from typing import Any, Final

import orjson
from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.problem import Problem
from services.chassis.request_body import media_type, read_body
from services.chassis.strict_json import read_json
from services.notify.api.asking import caller_who_may
from services.notify.api.event_schema import DESCRIBED, EventRefused, read_event
from services.notify.domain.record_event import RecordEvent
from services.notify.use_cases.accept_events import Intake, accept_events

ONE: Final = "application/cloudevents+json"
MANY: Final = "application/cloudevents-batch+json"
LARGEST: Final = 4 << 20
MOST_EVENTS: Final = 2000

router = APIRouter(tags=["events"])


class RefusedEvent(BaseModel):
    """An event of a batch that was not taken: its id if it has one, its place, what is wrong with it."""

    id: str | None
    index: int
    detail: str


class Taken(BaseModel):
    """What became of each event of the request; what is refused will be refused again, and can be set aside."""

    accepted: list[str] = Field(description="Ids of the events that are stored and will be told.")
    refused: list[RefusedEvent]


BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The schema is contracts/events/event-1.schema.json.",
        "content": {
            ONE: {"schema": DESCRIBED},
            MANY: {"schema": {"type": "array", "maxItems": MOST_EVENTS, "items": DESCRIBED}},
        },
    }
}


@router.post("/events", status_code=202, response_model=Taken, openapi_extra=BODY, summary="Take events")
async def post_events(request: Request) -> Response:
    """Take one event, or a batch whose entries are judged one by one; the same event again changes nothing."""
    await caller_who_may(request, "event", "c")
    media = media_type(request)
    if media not in {ONE, MANY}:
        return Problem(415, "Not CloudEvents", f"Send {ONE} or {MANY}.")
    body = read_json(await read_body(request, LARGEST), max_bytes=LARGEST)
    if media == MANY and (not isinstance(body, list) or len(body) > MOST_EVENTS):
        return Problem(400, "Not a batch", f"A batch is a JSON array of up to {MOST_EVENTS} events.")
    entries = body if media == MANY and isinstance(body, list) else [body]
    events, refused = _judged(entries)
    intake: Intake = request.app.state.intake
    intake.tally.event("refused", len(refused))
    if media == ONE and refused:
        return Problem(400, "Event refused", refused[0].detail)
    await accept_events(events, intake, request.app.state.clock())
    taken = {"accepted": [event.id for event in events], "refused": [one.model_dump() for one in refused]}
    return Response(orjson.dumps(taken), 202, media_type="application/json")


def _judged(entries: list[Any]) -> tuple[list[RecordEvent], list[RefusedEvent]]:
    events, refused = [], []
    for index, entry in enumerate(entries):
        try:
            events.append(read_event(entry))
        except EventRefused as error:
            named = entry.get("id") if isinstance(entry, dict) else None
            name = named if isinstance(named, str) else None
            refused.append(RefusedEvent(id=name, index=index, detail=error.detail))
    return events, refused
