"""PATCH, by id or by criteria: JSON Patch or FHIRPath Patch; the result is an update like any other."""

from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest
from services.sip.domain.exact_json import dumped, exact
from services.sip.domain.held import Resource
from services.sip.domain.patching.fhirpath_patch import fhirpath_patched
from services.sip.domain.patching.json_patch import json_patched
from services.sip.fhir.asking import Wiring
from services.sip.fhir.body import READABLE, bytes_of, media_type_of, parsed
from services.sip.fhir.criteria import criteria
from services.sip.fhir.read import key_of
from services.sip.fhir.write import version_in, version_wished, written
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.patch_resource import find_to_patch, read_to_patch
from services.sip.use_cases.ports import Asking

JSON_PATCH: Final = "application/json-patch+json"
PATCHES: Final = frozenset({JSON_PATCH}) | (READABLE - {""})


async def patch(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Change the version that If-Match names."""
    replaces = version_in(request.headers.get("if-match"), key_of(request))
    change = await _change_in(request)
    before = await read_to_patch(key_of(request), replaces, asking, wiring.store)
    draft = draft_of(change, before, replaces)
    return await written(request, draft, asking, wiring)


async def patch_by_criteria(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Change the one resource that the criteria find."""
    query = criteria(request.path_params["type"], request.url.query, wiring.policy.base, asking.now)
    change = await _change_in(request)
    before, version = await find_to_patch(query, asking, wiring.store)
    wished = version_wished(request)
    draft = draft_of(change, before, version if wished is None else wished, puts=True, only_if=query)
    return await written(request, draft, asking, wiring)


def draft_of(change: Any, before: Resource, replaces: int, where: str = "", **conditions: Any) -> Draft:
    """Apply a patch and make the update that it is; raises BadRequest, ShapeBroken."""
    kind, number = before["resourceType"], before["id"]
    after = json_patched(before, change) if isinstance(change, list) else fhirpath_patched(before, change)
    if (after.get("resourceType"), after.get("id")) != (kind, number):
        raise BadRequest(Told("value", "A patch changes neither resourceType nor id.", where or kind))
    return Draft(
        kind, after, orjson.loads(dumped(after)), id=number, replaces=replaces, where=where, **conditions
    )


def change_in(raw: bytes, media_type: str, where: str | None = None) -> Any:
    """Read a patch: a list of operations, or a Parameters resource; raises BadRequest."""
    plain = parsed(raw)
    if media_type == JSON_PATCH and not isinstance(plain, list):
        raise BadRequest(Told("structure", "A JSON Patch is a list of operations.", where))
    if media_type != JSON_PATCH and not (
        isinstance(plain, dict) and plain.get("resourceType") == "Parameters"
    ):
        text = f"Send a FHIRPath Patch as a Parameters resource, or a JSON Patch as {JSON_PATCH}."
        raise BadRequest(Told("structure", text, where))
    return exact(raw, plain)


async def _change_in(request: Request) -> Any:
    return change_in(await bytes_of(request, PATCHES), media_type_of(request))
