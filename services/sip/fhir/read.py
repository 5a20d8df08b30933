"""GET /{type}/{id} and its versions: what the caller may not see counts as absent."""

from starlette.requests import Request
from starlette.responses import Response

from services.sip.domain.errors import not_found
from services.sip.fhir.asking import Wiring
from services.sip.fhir.unchanged import answer_to_read
from services.sip.use_cases.ports import Asking
from services.sip.use_cases.read_resource import read_resource
from services.sip.use_cases.read_version import read_version


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


def key_of(request: Request) -> str:
    """Give `Type/id` from the path."""
    return f"{request.path_params['type']}/{request.path_params['id']}"
