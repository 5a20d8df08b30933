"""Answers under /fhir: JSON bytes with FHIR's headers, and every error as an OperationOutcome."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from starlette.responses import Response

from services.chassis.outcome import Told, outcome_bytes
from services.sip.domain import errors
from services.sip.use_cases.ports import Stored

MEDIA_TYPE: Final = "application/fhir+json; fhirVersion=4.0"

STATUS: Final[Mapping[type[errors.SipError], int]] = {
    errors.BadRequest: 400,
    errors.ScopeTooNarrow: 403,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.NotSupported: 404,
    errors.Gone: 410,
    errors.AlreadyThere: 409,
    errors.ChangedMeanwhile: 412,
    errors.NotOneMatch: 412,
    errors.StillReferredTo: 409,
    errors.PreconditionMissing: 428,
    errors.ShapeBroken: 422,
    errors.RulesBroken: 422,
    errors.RequestDiffers: 422,
    errors.UnsupportedMedia: 415,
    errors.TooCostly: 403,
    errors.StoreBusy: 503,
}
"""A test demands a row for every SipError."""


class FhirResponse(Response):
    """FHIR JSON that is bytes already."""

    media_type = MEDIA_TYPE
    charset = ""

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """Say in every answer that it is a person's and not for caches."""
        super().init_headers(headers)
        self.headers.setdefault("Cache-Control", "no-store")


def refusal(status: int, told: Iterable[Told], headers: dict[str, str] | None = None) -> FhirResponse:
    """Answer with an OperationOutcome."""
    return FhirResponse(outcome_bytes(told), status, headers)


def refusal_of(error: errors.SipError) -> FhirResponse:
    """Translate an error once, for every route."""
    status = STATUS[type(error)]
    headers = {"Retry-After": "1"} if status == 503 else None
    if isinstance(error, errors.ScopeTooNarrow):
        headers = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}
    return refusal(status, error.told, headers)


def version_headers(stored: Stored) -> dict[str, str]:
    """Give ETag and Last-Modified of a version."""
    return {"ETag": f'W/"{stored.version}"', "Last-Modified": http_date(stored.at)}


def http_date(at: datetime) -> str:
    """Write a moment as HTTP does."""
    return format_datetime(at.replace(microsecond=0), usegmt=True)
