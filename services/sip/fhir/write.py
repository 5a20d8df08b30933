"""POST /{type} and PUT /{type}/{id}: one resource by the one way in."""

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest, PreconditionMissing
from services.sip.fhir.answers import FhirResponse, version_headers
from services.sip.fhir.asking import Wiring
from services.sip.fhir.body import resource_in
from services.sip.fhir.read import key_of
from services.sip.use_cases.drafts import Draft, Written
from services.sip.use_cases.ports import Asking
from services.sip.use_cases.write_resources import write_resources

ETAG: Final = re.compile(r'(?:W/)?"(\d{1,9})"')


async def create(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Store a new resource; an id that was sent is not used, as FHIR says."""
    kind = request.path_params["type"]
    resource, plain = await resource_in(request, kind)
    for tree in (resource, plain):
        tree.pop("id", None)
    draft = Draft(kind, resource, plain)
    [written] = await write_resources([draft], asking, wiring.store, wiring.policy)
    return _answer(request, written, wiring)


async def update(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Store the next version of the resource that If-Match names."""
    kind = request.path_params["type"]
    resource, plain = await resource_in(request, kind)
    if resource.get("id") != request.path_params["id"]:
        text = f"The id in the body must be the one in the address, {key_of(request)}."
        raise BadRequest(Told("value", text, f"{kind}.id"))
    replaces = version_in(request.headers.get("if-match"), key_of(request))
    draft = Draft(kind, resource, plain, id=request.path_params["id"], replaces=replaces)
    [written] = await write_resources([draft], asking, wiring.store, wiring.policy)
    return _answer(request, written, wiring)


def version_in(if_match: str | None, key: str, where: str | None = None) -> int:
    """Read the version that If-Match names; raises PreconditionMissing, BadRequest."""
    if not if_match:
        text = f'Say which version of {key} you change: If-Match: W/"<version>", from its ETag.'
        raise PreconditionMissing(Told("required", text, where))
    found = ETAG.fullmatch(if_match.strip())
    if not found:
        raise BadRequest(
            Told("value", f'If-Match must be one version, W/"<number>", not {if_match!r:.60}.', where)
        )
    return int(found[1])


def _answer(request: Request, written: Written, wiring: Wiring) -> Response:
    stored = written.stored
    headers = version_headers(stored)
    if written.created or written.existing:
        headers["Location"] = f"{wiring.policy.base}/{stored.key}/_history/{stored.version}"
    body = b"" if "return=minimal" in request.headers.get("prefer", "") else stored.body
    return FhirResponse(body, 201 if written.created else 200, headers)
