"""If-None-Match and If-Modified-Since on reads: what the client has already is not sent again."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from services.sip.fhir.answers import FhirResponse, version_headers
from services.sip.use_cases.ports import Stored

_LONGEST: Final = 2000


def answer_to_read(request: Request, found: Stored) -> Response:
    """Give the resource, or 304 where the client has it; the look is on record either way."""
    headers = version_headers(found)
    if _is_known(request, found):
        return Response(status_code=304, headers=headers | {"Cache-Control": "no-store"})
    return FhirResponse(found.body, headers=headers)


def _is_known(request: Request, found: Stored) -> bool:
    """RFC 9110 section 13.2.2: where both are sent, If-None-Match alone decides."""
    tags = ",".join(request.headers.getlist("if-none-match"))[:_LONGEST]
    if tags:
        known = {tag.strip().removeprefix("W/").strip('"') for tag in tags.split(",")}
        return "*" in known or str(found.version) in known
    since = _time_in(request.headers.get("if-modified-since", ""))
    return since is not None and found.at.replace(microsecond=0) <= since


def _time_in(text: str) -> datetime | None:
    """Read an HTTP date; one that cannot be read is as if it were not sent."""
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return at if at.tzinfo else None
