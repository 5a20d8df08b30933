"""GET …/_history of a resource, a type, or all: http://hl7.org/fhir/R4/http.html#history."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest
from services.sip.domain.history_query import After, HistoryQuery
from services.sip.domain.moments import span_of
from services.sip.fhir.answers import FhirResponse
from services.sip.fhir.asking import Wiring
from services.sip.fhir.bundle import history_entry
from services.sip.fhir.read import key_of
from services.sip.use_cases.ports import Asking
from services.sip.use_cases.read_history import (
    HistoryPage,
    read_history,
    read_system_history,
    read_type_history,
)

DEFAULT_COUNT: Final = 50
MOST: Final = 500
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


async def history(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Give the versions of one resource."""
    query, used = _understood(request)
    page = await read_history(key_of(request), query, asking, wiring.store, wiring.histories)
    return _answer(f"{wiring.policy.base}/{key_of(request)}/_history", used, page, wiring)


async def type_history(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Give the versions of all resources of a type."""
    query, used = _understood(request)
    kind = request.path_params["type"]
    page = await read_type_history(kind, query, asking, wiring.store, wiring.histories)
    return _answer(f"{wiring.policy.base}/{kind}/_history", used, page, wiring)


async def system_history(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Give the versions of all resources."""
    query, used = _understood(request)
    page = await read_system_history(query, asking, wiring.store, wiring.histories)
    return _answer(f"{wiring.policy.base}/_history", used, page, wiring)


Used = Sequence[tuple[str, str]]


def _understood(request: Request) -> tuple[HistoryQuery, Used]:
    """Read the parameters; raises BadRequest naming the one that does not hold."""
    query = HistoryQuery(DEFAULT_COUNT)
    used = parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=50)
    for name, value in used:
        try:
            query = _with(query, name, value)
        except (ValueError, OverflowError, TypeError, binascii.Error):
            text = f"{name:.40} cannot be {value:.60}: see http://hl7.org/fhir/R4/http.html#history."
            raise BadRequest(Told("value", text, f"http.{name:.40}")) from None
    return query, used


def _with(query: HistoryQuery, name: str, value: str) -> HistoryQuery:
    match name:
        case "_count" if value.isascii() and value.isdigit() and len(value) < 10:
            return replace(query, count=max(1, min(int(value), MOST)))
        case "_since":
            return replace(query, since=span_of(value)[0])
        case "_at":
            return replace(query, at=span_of(value))
        case "_page":
            return replace(query, after=_read_token(value))
        case "_format" if value in {"json", "application/json", "application/fhir+json"}:
            return query
    raise ValueError(name)


def _answer(address: str, used: Used, page: HistoryPage, wiring: Wiring) -> Response:
    links = [{"relation": "self", "url": address + (f"?{urlencode(used)}" if used else "")}]
    if page.after is not None:
        following = [
            *((name, value) for name, value in used if name != "_page"),
            ("_page", _token(page.after)),
        ]
        links.append({"relation": "next", "url": f"{address}?{urlencode(following)}"})
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "history"}
    if page.total is not None:
        bundle["total"] = page.total
    bundle["link"] = links
    if page.versions:
        bundle["entry"] = [history_entry(wiring.policy.base, version) for version in page.versions]
    return FhirResponse(orjson.dumps(bundle))


def _token(after: After) -> str:
    """Write where the page ended; it holds no right, what may be seen is judged anew on every page."""
    at = (after[0] - _EPOCH) // timedelta(milliseconds=1)
    return base64.urlsafe_b64encode(orjson.dumps([at, *after[1:]])).decode().rstrip("=")


def _read_token(token: str) -> After:
    at, key, version = orjson.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    return _EPOCH + timedelta(milliseconds=at), str.__str__(key), int.__index__(version)
