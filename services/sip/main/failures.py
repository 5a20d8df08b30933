"""What is answered when no route fits, or something of ours is at fault."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.chassis.problem import Problem
from services.sip.fhir.answers import refusal
from services.sip.fhir.routes import unknown


def add_failure_handlers(app: Starlette) -> None:
    """Answer in the form of the way in: an OperationOutcome under /fhir, else a problem."""
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _fault)


async def _http_error(request: Request, error: Exception) -> Response:
    """Answer a path or method that no route has, each way in as it answers everything."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if request.url.path.startswith("/fhir"):
        return unknown(status, request.url.path)
    detail = str(getattr(error, "detail", "")) or "Not served."
    return Problem(status, "Not served", f"{detail}: see /docs for what is.")


async def _fault(request: Request, _error: Exception) -> Response:
    """Answer a fault of our own: what happened stands in the log, not in the answer."""
    text = (
        "Something went wrong on our side; nothing was changed unless you are told so elsewhere. Try again."
    )
    if request.url.path.startswith("/fhir"):
        return refusal(500, [Told("exception", text)])
    return Problem(500, "Fault", text)
