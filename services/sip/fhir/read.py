"""GET /{type}/{id} and its versions: what the caller may not see counts as absent."""

from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest, not_found
from services.sip.fhir.answers import FhirResponse
from services.sip.fhir.asking import Wiring
from services.sip.fhir.bundle import history_bundle
from services.sip.fhir.unchanged import answer_to_read
from services.sip.use_cases.ports import Asking
from services.sip.use_cases.read_history import read_history
from services.sip.use_cases.read_resource import read_resource
from services.sip.use_cases.read_version import read_version

DEFAULT_COUNT: Final = 50
MOST: Final = 500


async def read(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Give the newest version."""
    found = await read_resource(key_of(request), asking, wiring.store)
    return answer_to_read(request, found)


async def vread(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Give one version."""
    number = request.path_params["vid"]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise not_found(f"{key_of(request)}/_history/{number[:20]}")
    found = await read_version(key_of(request), int(number), asking, wiring.store)
    return answer_to_read(request, found)


async def history(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Give the versions, newest first, a page at a time."""
    count = _number(request, "_count", DEFAULT_COUNT) or DEFAULT_COUNT
    before = _number(request, "_page", None)
    key = key_of(request)
    versions, total = await read_history(key, before, min(count, MOST), asking, wiring.store)
    body = history_bundle(wiring.policy.base, key, versions, total, str(request.url.query))
    return FhirResponse(orjson.dumps(body))


def key_of(request: Request) -> str:
    """Give `Type/id` from the path."""
    return f"{request.path_params['type']}/{request.path_params['id']}"


def _number(request: Request, name: str, default: int | None) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadRequest(Told("value", f"{name} must be a whole number, not {text!r:.40}.", f"http.{name}"))
    return int(text)
