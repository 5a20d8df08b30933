"""What is answered when no route fits, the store is out of reach, or something of ours is at fault."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.chassis.problem import Problem
from services.notify.fhir.answers import refusal
from services.notify.storage.database import UNREACHABLE

CODES = {404: "not-found", 405: "not-supported"}


def add_failure_handlers(app: Starlette) -> None:
    """Answer in the form of the way in: an OperationOutcome under /fhir, else a problem."""
    app.add_exception_handler(HTTPException, _not_served)
    app.add_exception_handler(UNREACHABLE, _store_out_of_reach)
    app.add_exception_handler(Exception, _fault)


async def _not_served(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(getattr(error, "headers", None) or {})
    text = "Nothing is served at this address, or not by this method: /docs tells what is."
    if _is_fhir(request):
        return refusal(status, [Told(CODES.get(status, "processing"), text)], headers)
    return Problem(status, "Not served", text, headers)


async def _store_out_of_reach(request: Request, _error: Exception) -> Response:
    text = "The store is out of reach for the moment. Nothing is lost: send the same once more."
    if _is_fhir(request):
        return refusal(503, [Told("transient", text)], {"Retry-After": "2"})
    return Problem(503, "Store out of reach", text, {"Retry-After": "2"})


async def _fault(request: Request, _error: Exception) -> Response:
    text = "Something went wrong on our side. Try again; what was taken once is not taken twice."
    if _is_fhir(request):
        return refusal(500, [Told("exception", text)])
    return Problem(500, "Fault", text)


def _is_fhir(request: Request) -> bool:
    return request.url.path.startswith("/fhir")
