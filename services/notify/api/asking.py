"""Who asks, and whether they may; and how every failure is told (RFC 9457)."""

from collections.abc import Mapping
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.principal import Principal
from services.chassis.problem import Problem
from services.chassis.request_body import BodyTooLarge
from services.chassis.scopes import allows, without_patient_level
from services.chassis.strict_json import UnreadableJson
from services.chassis.tokens import KeysNotReachable, TokenRefused
from services.notify.domain import errors

STATUS_AND_TITLE: Final[Mapping[type[errors.NotifyError], tuple[int, str]]] = {
    errors.CallerNotAllowed: (403, "Not allowed"),
    errors.DeliveryNotDead: (409, "Not a dead letter"),
    errors.DeliveryNotFound: (404, "No such delivery"),
    errors.EntryNotFound: (404, "No such entry"),
    errors.NoAnswerFromRecord: (503, "The record does not answer"),
    errors.ParameterRefused: (400, "Parameter not understood"),
    errors.SubscriptionChangedMeanwhile: (412, "Changed meanwhile"),
    errors.SubscriptionDeleted: (410, "Deleted"),
    errors.SubscriptionNotFound: (404, "No such subscription"),
    errors.SubscriptionRefused: (422, "Subscription refused"),
    errors.TooManySubscriptions: (403, "Too many subscriptions"),
    errors.VersionNotNamed: (428, "If-Match is missing"),
}
"""A test demands a row for every NotifyError."""


async def caller_who_may(request: Request, resource: str, interaction: str) -> Principal:
    """Give the caller, if its token grants this; raises CallerNotAllowed.

    A right to one patient's data is none to what a unit is told of everybody.
    """
    caller: Principal = await request.app.state.verifier.verify(request)
    if not allows(without_patient_level(caller.scopes), resource, interaction):  # type: ignore[arg-type]
        raise errors.CallerNotAllowed(f"The token must grant {resource}.{interaction}.")
    return caller


def unit_of(caller: Principal) -> str:
    """Give the caller's unit; raises CallerNotAllowed without one."""
    if caller.unit is None:
        raise errors.CallerNotAllowed("The token must name the caller's unit.")
    return caller.unit


def add_problem_handlers(app: FastAPI) -> None:
    """Tell every failure outside /fhir as a problem."""
    app.add_exception_handler(errors.NotifyError, _refused)
    app.add_exception_handler(TokenRefused, _token_refused)
    app.add_exception_handler(KeysNotReachable, _keys_not_reachable)
    app.add_exception_handler(BodyTooLarge, _unread)
    app.add_exception_handler(UnreadableJson, _unread)
    app.add_exception_handler(RequestValidationError, _invalid)


async def _refused(_request: Request, error: Exception) -> Response:
    status, title = STATUS_AND_TITLE[type(error)]  # type: ignore[index]
    headers = {"Retry-After": "5"} if status == 503 else None
    return Problem(status, title, str(error), headers)


async def _token_refused(_request: Request, refused: Exception) -> Response:
    error = getattr(refused, "error", "")
    challenge = f'Bearer error="{error}"' if error else "Bearer"
    return Problem(401, "No valid access token", str(refused), {"WWW-Authenticate": challenge})


async def _keys_not_reachable(_request: Request, _error: Exception) -> Response:
    detail = "The token cannot be checked at the moment: its issuer is out of reach."
    return Problem(503, "Issuer out of reach", detail, {"Retry-After": "5"})


async def _unread(_request: Request, error: Exception) -> Response:
    status = 413 if isinstance(error, BodyTooLarge) else 400
    return Problem(status, "Body not read", str(error))


async def _invalid(_request: Request, error: Exception) -> Response:
    """Say which parameter was wrong, without quoting what was sent."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    told = "; ".join(f"{'.'.join(str(step) for step in one['loc'])}: {one['msg']}" for one in found)
    return Problem(400, "Request not understood", told)
