"""Answers under /fhir: resources as JSON, and every failure as an OperationOutcome."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

import orjson
from starlette.responses import Response

from services.chassis.outcome import Told, outcome_bytes
from services.notify.domain import errors

MEDIA_TYPE: Final = "application/fhir+json; fhirVersion=4.0"

STATUS_AND_CODE: Final[Mapping[type[errors.NotifyError], tuple[int, str]]] = {
    errors.CallerNotAllowed: (403, "forbidden"),
    errors.DeliveryNotDead: (409, "conflict"),
    errors.DeliveryNotFound: (404, "not-found"),
    errors.EntryNotFound: (404, "not-found"),
    errors.NoAnswerFromRecord: (503, "transient"),
    errors.ParameterRefused: (400, "value"),
    errors.SubscriptionChangedMeanwhile: (412, "conflict"),
    errors.SubscriptionDeleted: (410, "deleted"),
    errors.SubscriptionNotFound: (404, "not-found"),
    errors.SubscriptionRefused: (422, "business-rule"),
    errors.TooManySubscriptions: (403, "too-costly"),
    errors.VersionNotNamed: (428, "required"),
}
"""A test demands a row for every NotifyError."""


class FhirResponse(Response):
    """A resource; answers are the caller's own and not for caches."""

    media_type = MEDIA_TYPE
    charset = ""

    def __init__(
        self, resource: Mapping[str, Any] | bytes, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """Take the resource, or its bytes."""
        body = resource if isinstance(resource, bytes) else orjson.dumps(resource)
        super().__init__(body, status, {"Cache-Control": "no-store", **(headers or {})})


def refusal(status: int, told: Iterable[Told], headers: Mapping[str, str] | None = None) -> FhirResponse:
    """Answer with an OperationOutcome."""
    return FhirResponse(outcome_bytes(told), status, headers)


def refusal_of(error: errors.NotifyError) -> FhirResponse:
    """Translate an error once, for every route."""
    status, code = STATUS_AND_CODE[type(error)]
    if isinstance(error, errors.SubscriptionRefused):
        return refusal(status, error.issues)
    where = error.parameter if isinstance(error, errors.ParameterRefused) else None
    headers = {"Retry-After": "5"} if status == 503 else None
    return refusal(status, [Told(code, str(error), where)], headers)


def version_headers(version: int, updated: datetime) -> dict[str, str]:
    """Give ETag and Last-Modified."""
    modified = format_datetime(updated.replace(microsecond=0), usegmt=True)
    return {"ETag": f'W/"{version}"', "Last-Modified": modified}
