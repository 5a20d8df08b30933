"""POST /{type}, PUT /{type}/{id} and DELETE, by id or by criteria: one resource by the one way in."""

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest, PreconditionMissing
from services.sip.fhir.answers import FhirResponse, version_headers
from services.sip.fhir.asking import Wiring
from services.sip.fhir.body import resource_in
from services.sip.fhir.criteria import criteria
from services.sip.fhir.preferences import body_of, done_outcome, preferred
from services.sip.fhir.read import key_of
from services.sip.use_cases.drafts import Draft, Written
from services.sip.use_cases.ports import Asking
from services.sip.use_cases.write_resources import write_resources

ETAG: Final = re.compile(r'(?:W/)?"(\d{1,9})"')


async def create(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Store a new resource, unless If-None-Exist finds one; an id that was sent is not used, as FHIR says."""
    kind = request.path_params["type"]
    if set(request.query_params) - {"_format"}:
        text = "A create takes no parameters: what must not exist yet is said in If-None-Exist."
        raise BadRequest(Told("not-supported", text, f"http.{next(iter(request.query_params)):.40}"))
    resource, plain = await resource_in(request, kind)
    for tree in (resource, plain):
        tree.pop("id", None)
    if_none_exist = request.headers.get("if-none-exist")
    only_if = None
    if if_none_exist is not None:
        only_if = criteria(kind, if_none_exist, wiring.policy.base, asking.now, "http.If-None-Exist")
    return await written(request, Draft(kind, resource, plain, only_if=only_if), asking, wiring)


async def update(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Store the next version of the resource that If-Match names."""
    kind = request.path_params["type"]
    resource, plain = await resource_in(request, kind)
    if resource.get("id") != request.path_params["id"]:
        text = f"The id in the body must be the one in the address, {key_of(request)}."
        raise BadRequest(Told("value", text, f"{kind}.id"))
    replaces = version_in(request.headers.get("if-match"), key_of(request))
    draft = Draft(kind, resource, plain, id=request.path_params["id"], replaces=replaces)
    return await written(request, draft, asking, wiring)


async def update_by_criteria(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Store the next version of the one resource that the criteria find, or a new one where they find none."""
    kind = request.path_params["type"]
    only_if = criteria(kind, request.url.query, wiring.policy.base, asking.now)
    resource, plain = await resource_in(request, kind)
    number = resource.get("id")
    if number is not None and not isinstance(number, str):
        raise BadRequest(Told("value", "An id is a text.", f"{kind}.id"))
    draft = Draft(
        kind, resource, plain, id=number, replaces=version_wished(request), puts=True, only_if=only_if
    )
    return await written(request, draft, asking, wiring)


async def delete(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Mark the resource that If-Match names as deleted."""
    replaces = version_in(request.headers.get("if-match"), key_of(request))
    kind, number = request.path_params["type"], request.path_params["id"]
    return await written(
        request, Draft(kind, {}, {}, id=number, replaces=replaces, deletes=True), asking, wiring
    )


async def delete_by_criteria(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Mark the one resource that the criteria find as deleted; where they find none there is nothing to do."""
    kind = request.path_params["type"]
    only_if = criteria(kind, request.url.query, wiring.policy.base, asking.now)
    draft = Draft(kind, {}, {}, replaces=version_wished(request), deletes=True, only_if=only_if)
    return await written(request, draft, asking, wiring)


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


def version_wished(request: Request) -> int | None:
    """Read If-Match where criteria already say what is meant, so that it may be left out."""
    if_match = request.headers.get("if-match")
    return version_in(if_match, request.path_params["type"]) if if_match else None


async def written(request: Request, draft: Draft, asking: Asking, wiring: Wiring) -> Response:
    """Write one draft and answer with what came of it, in the form that Prefer asks for."""
    [done] = await write_resources([draft], asking, wiring.store, wiring.policy)
    if draft.deletes:
        return _deleted(request, done)
    stored = done.stored
    headers = version_headers(stored)
    if done.created or done.existing:
        headers["Location"] = f"{wiring.policy.base}/{stored.key}/_history/{stored.version}"
    told = f"{stored.key} is {'stored' if not done.existing else 'there already'}, version {stored.version}."
    return FhirResponse(body_of(stored, preferred(request), told), 201 if done.created else 200, headers)


def _deleted(request: Request, done: Written) -> Response:
    if not done.stored.key:
        return FhirResponse(done_outcome("Nothing meets the criteria; nothing was deleted."))
    headers = version_headers(done.stored)
    if preferred(request) == "OperationOutcome":
        return FhirResponse(done_outcome(f"{done.stored.key} is deleted; its history is kept."), 200, headers)
    return Response(status_code=204, headers=headers | {"Cache-Control": "no-store"})
