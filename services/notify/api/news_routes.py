"""What is new in the inbox, without asking again and again: long-poll, and Server-Sent Events that can be resumed."""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from services.chassis.principal import Principal
from services.chassis.problem import Problem
from services.notify.api.inbox_routes import MOST_COUNTED, InboxShown, reader_of, shown, whose
from services.notify.domain.inbox import InboxEntry
from services.notify.domain.places import place, read_place
from services.notify.use_cases.watch_inbox import Watch, watch_inbox

LONGEST_STREAM: Final = timedelta(minutes=30)
MOST_LISTENERS: Final = 1000

router = APIRouter(prefix="/api/v1/inbox", tags=["inbox"])


@router.get("/news", summary="Wait for what is new in the inbox")
async def wait_for_news(
    request: Request,
    *,
    after: Annotated[str | None, Query(max_length=100, description="`next` of the last answer.")] = None,
    wait: Annotated[int, Query(ge=0, le=60, description="Seconds to wait for something new.")] = 25,
) -> InboxShown:
    """Answer as soon as there is something after the place, oldest first; ask again from `next`.

    Entries of the last five seconds before the place may be repeated, under the same id.
    """
    caller = await reader_of(request)
    watch, start = await _watch(request, whose(caller), after)
    until = request.app.state.clock() + timedelta(seconds=wait)
    told: list[InboxEntry] = []
    async with contextlib.aclosing(_news(request, watch, until)) as news:
        async for some in news:
            told += some
            if any((one.arrived, one.id) > start for one in told):
                break
    count = await watch.inbox.count_unread(watch.unit, MOST_COUNTED)
    last = max([start, *((one.arrived, one.id) for one in told)])
    following = place(*last) if last[1] else after
    return InboxShown(entries=[shown(entry) for entry in told], unread=count, next=following)


@router.get(
    "/stream",
    summary="Stream what is new in the inbox",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {}}, "description": "Server-Sent Events of type entry"}
    },
)
async def stream_news(
    request: Request, last_event_id: Annotated[str | None, Header(max_length=100)] = None
) -> Response:
    """Send each entry as it comes, until the token expires; `Last-Event-ID` resumes where a stream broke off.

    Entries of the last five seconds before that may be repeated, under the same id.
    """
    caller = await reader_of(request)
    if request.app.state.bell.listeners >= MOST_LISTENERS:
        text = "Too many listen at the moment; use /api/v1/inbox/news, or try again later."
        return Problem(503, "Too many listeners", text, {"Retry-After": "30"})
    watch, _ = await _watch(request, whose(caller), last_event_id)
    until = _ends(caller, request.app.state.clock())
    return StreamingResponse(
        _lines(_news(request, watch, until)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _news(request: Request, watch: Watch, until: datetime) -> AsyncGenerator[list[InboxEntry], None]:
    return watch_inbox(watch, request.app.state.bell, until, request.app.state.clock)


async def _watch(request: Request, unit: str, after: str | None) -> tuple[Watch, tuple[datetime, str]]:
    """Begin where the listener was, or now."""
    state = request.app.state
    if after is not None:
        start = read_place(after)
        return Watch(unit, state.inbox, start[0], {start[1]: start[0]}), start
    watch = Watch(unit, state.inbox, state.clock())
    await watch.fresh()  # what is there already is not news
    return watch, (watch.since, "")


def _ends(caller: Principal, now: datetime) -> datetime:
    """A stream outlives neither its token nor a while: who listens on shows that they still may."""
    expires = caller.claims.get("exp")
    ends = now + LONGEST_STREAM
    return min(ends, datetime.fromtimestamp(expires, UTC)) if isinstance(expires, int | float) else ends


async def _lines(news: AsyncIterator[list[InboxEntry]]) -> AsyncIterator[bytes]:
    yield b"retry: 3000\n\n"
    async for some in news:
        for entry in some:
            told = shown(entry).model_dump_json()
            yield f"id: {place(entry.arrived, entry.id)}\nevent: entry\ndata: {told}\n\n".encode()
        if not some:
            yield b": nothing new\n\n"
