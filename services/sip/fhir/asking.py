"""From a request to who asks: the token is checked before anything else is looked at."""

import re
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final, Protocol

from prometheus_client import Counter
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.chassis.rate_limit import TooManyRequests
from services.chassis.tokens import KeysNotReachable, TokenRefused, TokenVerifier
from services.sip.domain.errors import SipError
from services.sip.domain.profiles import Profiles
from services.sip.domain.search_query import Condition
from services.sip.domain.terminology import Terminology
from services.sip.fhir.answers import refusal, refusal_of
from services.sip.use_cases.drafts import Policy
from services.sip.use_cases.evaluate_measure import Judge
from services.sip.use_cases.import_ports import Imports
from services.sip.use_cases.measure_ports import FiguresStore
from services.sip.use_cases.ports import Asking, Histories, Store

REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._\-]{1,64}")


class Wiring(Protocol):
    """What main hands to the ways in."""

    @property
    def verifier(self) -> TokenVerifier:
        """What checks tokens."""

    @property
    def store(self) -> Store:
        """The record store and the access log."""

    @property
    def histories(self) -> Histories:
        """The versions of what is stored."""

    @property
    def imports(self) -> Imports:
        """How far bulk imports came."""

    @property
    def figures(self) -> FiguresStore:
        """Where the business figures are kept."""

    @property
    def judge(self) -> Judge:
        """What tells which populations of a measure a person is in."""

    @property
    def terminology(self) -> Terminology:
        """Our own code lists."""

    @property
    def profiles(self) -> Profiles:
        """Our profiles."""

    @property
    def scope_query(self) -> Callable[[str, str, datetime], Condition | None]:
        """What reads the query of a scope, for a type and at a time."""

    @property
    def policy(self) -> Policy:
        """What is the same for every request."""

    @property
    def refused_tokens(self) -> Counter:
        """Counts requests without a token that holds."""

    @property
    def clock(self) -> Callable[[], float]:
        """Seconds since 1970."""


Handler = Callable[[Request, Asking, Wiring], Awaitable[Response]]


def request_id_of(request: Request) -> str:
    """Take over the caller's X-Request-Id where it is a plain one, else make one."""
    given = request.headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def asked(handler: Handler, wiring: Wiring) -> Callable[[Request], Awaitable[Response]]:
    """Wrap a handler: token first, then the work, every error as an OperationOutcome."""

    async def answer(request: Request) -> Response:
        request_id = request_id_of(request)
        response = await _answer(request, request_id)
        response.headers["X-Request-Id"] = request_id
        return response

    async def _answer(request: Request, request_id: str) -> Response:
        try:
            caller = await wiring.verifier.verify(request)
        except TokenRefused as refused:
            wiring.refused_tokens.labels(refused.error or "missing").inc()
            challenge = f'Bearer error="{refused.error}"' if refused.error else "Bearer"
            return refusal(401, [Told("login", refused.description)], {"WWW-Authenticate": challenge})
        except TooManyRequests as often:
            told = Told("throttled", f"This client asks too often: try again in {often.retry_after} s.")
            return refusal(429, [told], {"Retry-After": str(often.retry_after)})
        except KeysNotReachable:
            told = Told("transient", "The issuer's keys cannot be fetched at this moment; try again.")
            return refusal(503, [told], {"Retry-After": "2"})
        now = datetime.fromtimestamp(wiring.clock(), UTC)
        try:
            asking = Asking(
                caller, now, request_id, understand=lambda kind, query: wiring.scope_query(kind, query, now)
            )
            return await handler(request, asking, wiring)
        except SipError as error:
            return refusal_of(error)

    return answer
