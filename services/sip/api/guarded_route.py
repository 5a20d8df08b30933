"""How every route of /api/v1 is entered: token, strict body, and each failure as a problem."""

import re
import uuid
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from services.chassis.outcome import Told
from services.chassis.problem import Problem
from services.chassis.rate_limit import TooManyRequests
from services.chassis.request_body import BodyTooLarge, media_type, read_body
from services.chassis.strict_json import UnreadableJson, read_json
from services.chassis.tokens import KeysNotReachable, TokenRefused
from services.sip.api.problems import problem_of, problem_of_request
from services.sip.api.wiring import Wiring
from services.sip.domain.errors import BadRequest, SipError, UnsupportedMedia
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.ports import Asking

LARGEST: Final = 1 << 20
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._\-]{1,64}")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRequest(Request):
    """A request whose body was read and parsed already, strictly."""

    raw: bytes = b""
    tree: Any = None

    async def body(self) -> bytes:
        """Give the bytes as they came."""
        return self.raw

    async def json(self) -> Any:
        """Give what they say."""
        return self.tree


class GuardedRoute(APIRoute):
    """A route that nobody enters without a token that holds; the caller's desk waits in `request.state.desk`."""

    lacking: str | None = None

    def get_route_handler(self) -> Handler:
        """Wrap FastAPI's handler."""
        inner = super().get_route_handler()

        async def answer(request: Request) -> Response:
            request_id = _request_id(request)
            response = await self._answer(request, inner, request_id)
            response.headers["X-Request-Id"] = request_id
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return answer

    async def _answer(self, request: Request, inner: Handler, request_id: str) -> Response:
        try:
            request.state.desk = await _desk(request, request_id)
            return await inner(await _read(request) if self.body_field else request)
        except _Refused as refused:
            return refused.answer
        except RequestValidationError as misread:
            return problem_of_request(misread)
        except SipError as error:
            return problem_of(error, lacking=self.lacking)


class ActivationRoute(GuardedRoute):
    """The route on which what is broken is what is missing."""

    lacking = "The plan is not ready to run"


class _Refused(Exception):
    """The request is answered before anything is done."""

    def __init__(self, answer: Problem) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


async def _desk(request: Request, request_id: str) -> Desk:
    """Learn who asks, before anything else is looked at."""
    wiring: Wiring = request.app.state.wiring
    try:
        caller = await wiring.verifier.verify(request)
    except TokenRefused as refused:
        wiring.refused_tokens.labels(refused.error or "missing").inc()
        challenge = {"WWW-Authenticate": f'Bearer error="{refused.error}"' if refused.error else "Bearer"}
        raise _Refused(Problem(401, "No token that holds", refused.description, challenge)) from None
    except TooManyRequests as often:
        text = f"This client asks too often: try again in {often.retry_after} s."
        raise _Refused(
            Problem(429, "Too many requests", text, {"Retry-After": str(often.retry_after)})
        ) from None
    except KeysNotReachable:
        text = "The issuer's keys cannot be fetched at this moment; try again."
        raise _Refused(Problem(503, "Try again", text, {"Retry-After": "2"})) from None
    now = datetime.fromtimestamp(wiring.clock(), UTC)
    asking = Asking(
        caller, now, request_id, understand=lambda kind, query: wiring.scope_query(kind, query, now)
    )
    return Desk(asking, wiring.store, wiring.policy)


def _request_id(request: Request) -> str:
    given = request.headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


async def _read(request: Request) -> StrictRequest:
    """Read at most the limit, as strictly as under /fhir."""
    if media_type(request) != "application/json":
        text = "Send the body with Content-Type: application/json."
        raise UnsupportedMedia(Told("not-supported", text, "header: Content-Type"))
    read = StrictRequest(request.scope, request.receive)
    try:
        read.raw = await read_body(request, LARGEST)
        read.tree = read_json(read.raw)
    except BodyTooLarge as larger:
        raise _Refused(Problem(413, "Too large", str(larger))) from None
    except UnreadableJson as unreadable:
        raise BadRequest(Told("structure", unreadable.text, unreadable.where)) from None
    return read
