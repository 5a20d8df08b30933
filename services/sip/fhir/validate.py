"""$validate: is this as FHIR and our profiles ask, and would a write of it be taken? Nothing is stored by asking."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest
from services.sip.domain.held import Resource
from services.sip.domain.shape import Issue, shape_issues
from services.sip.fhir.answers import FhirResponse, refusal
from services.sip.fhir.asking import Wiring
from services.sip.fhir.body import parsed
from services.sip.fhir.parameters import given_in
from services.sip.fhir.preferences import done_outcome
from services.sip.fhir.read import key_of
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.ports import Asking, Stored
from services.sip.use_cases.read_resource import read_resource
from services.sip.use_cases.settle_criteria import copied
from services.sip.use_cases.try_write import try_write

MODES: Final = ("create", "update", "delete", "profile")


async def validate(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Answer 200 with an OperationOutcome, whatever it says about the resource."""
    given = await given_in(request)
    given.only("mode", "profile")
    mode, profile = given.texts.get("mode", ""), given.texts.get("profile")
    if mode and mode not in MODES:
        raise BadRequest(Told("value", f"mode is one of {', '.join(MODES)}.", "http.mode"))
    there = None
    if "id" in request.path_params:
        there = await read_resource(key_of(request), asking, wiring.store)
    draft = _draft(request, mode, given.resource, there)
    told: Sequence[Told] = [] if mode == "delete" else list(_flaws(draft.plain, draft, profile, wiring))
    if mode in {"create", "update", "delete"} and not _hinders(told):
        told = [*told, *await try_write(draft, asking, wiring.store, wiring.policy)]
    if told:
        return refusal(200, told)
    return FhirResponse(done_outcome(_praise(draft, mode)))


def _draft(request: Request, mode: str, sent: Any, there: Stored | None) -> Draft:
    """Make the write that is asked about; raises BadRequest where there is nothing to ask about."""
    kind, number = request.path_params["type"], request.path_params.get("id")
    if mode == "create" and there:
        raise BadRequest(Told("value", f"What is there is not created: ask {kind}/$validate.", "http.mode"))
    if mode in {"update", "delete", "profile"} and there is None:
        text = f"{mode} is asked of what is there: {kind}/<id>/$validate."
        raise BadRequest(Told("required", text, "http.mode"))
    if mode == "delete":
        return Draft(kind, {}, {}, id=number, replaces=there.version if there else None, deletes=True)
    if sent is None and there is not None and mode in {"", "profile"}:
        sent = parsed(there.body)
    if not isinstance(sent, dict):
        raise BadRequest(Told("required", f"Send the {kind}, by itself or in Parameters as resource.", kind))
    own: Resource = copied(sent)
    return Draft(kind, own, sent, id=number, replaces=there.version if there else None)


def _flaws(resource: Resource, draft: Draft, profile: str | None, wiring: Wiring) -> Iterator[Told]:
    """Hold it to R4, and what has R4's shape to the profiles that are asked for, or that it names itself."""
    if resource.get("resourceType") != draft.type:
        yield Told("structure", f"The resource is not a {draft.type}, as the address says.", draft.type)
        return
    issues = shape_issues(resource)
    if not issues:
        issues = [*wiring.profiles.extension_issues(resource)]
        for url in [profile] if profile else resource.get("meta", {}).get("profile", ()):
            if wiring.profiles.is_known(url, draft.type):
                issues += wiring.profiles.issues(resource, url)
            else:
                issues.append(_unknown(url, draft.type, asked=bool(profile)))
    yield from (Told(one.code, one.text, one.expression, one.severity) for one in issues)
    if draft.id and resource.get("id") != draft.id:
        yield Told("value", "The id in the body must be the one in the address.", f"{draft.type}.id")


def _unknown(url: str, kind: str, *, asked: bool) -> Issue:
    """One that was asked for cannot be answered; one that a resource names besides may be another server's."""
    text = f"The profile {url:.200} is not known for {kind}; nothing was checked by it."
    if asked:
        return Issue("error", "not-supported", "http.profile", text)
    return Issue("warning", "not-supported", f"{kind}.meta.profile", text)


def _hinders(told: Sequence[Told]) -> bool:
    return any(one.severity in {"error", "fatal"} for one in told)


def _praise(draft: Draft, mode: str) -> str:
    if mode in {"create", "update", "delete"}:
        return f"A {mode} of this {draft.type} would be taken at this moment; nothing was stored."
    return f"This {draft.type} is as FHIR R4 and the profiles asked for have it."
