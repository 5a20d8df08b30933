"""$validate: is this what FHIR and our profiles ask for? Nothing is ever stored by asking."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest
from services.sip.domain.shape import shape_issues
from services.sip.fhir.answers import FhirResponse, refusal
from services.sip.fhir.asking import Wiring
from services.sip.fhir.parameters import given_in
from services.sip.fhir.preferences import done_outcome
from services.sip.fhir.read import key_of
from services.sip.use_cases.ports import Asking
from services.sip.use_cases.read_resource import read_resource

MODES: Final = ("create", "update", "delete", "profile")
R4: Final = "http://hl7.org/fhir/StructureDefinition/"


async def validate(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Answer 200 with an OperationOutcome, whatever it says about the resource."""
    given = await given_in(request)
    given.only("mode", "profile")
    mode, kind = given.texts.get("mode", ""), request.path_params["type"]
    if mode and mode not in MODES:
        raise BadRequest(Told("value", f"mode is one of {', '.join(MODES)}.", "http.mode"))
    if "id" in request.path_params:
        await read_resource(key_of(request), asking, wiring.store)
    if mode == "delete":
        if "id" not in request.path_params:
            raise BadRequest(
                Told("required", f"What would be deleted? Ask {kind}/<id>/$validate.", "http.mode")
            )
        return FhirResponse(
            done_outcome(f"{key_of(request)} is there; whether it may be deleted, rules say then.")
        )
    told = [*_about(given.resource, kind, request), *_of_profile(given.texts.get("profile"), kind, wiring)]
    if not told:
        return FhirResponse(done_outcome(f"This {kind} is as FHIR R4 and our profiles ask for."))
    return refusal(200, told)


def _about(resource: Any, kind: str, request: Request) -> list[Told]:
    if not isinstance(resource, dict):
        raise BadRequest(Told("required", f"Send the {kind}, by itself or in Parameters as resource.", kind))
    if resource.get("resourceType") != kind:
        return [Told("structure", f"The resource is not a {kind}, as the address says.", kind)]
    told = [Told(one.code, one.text, one.expression, one.severity) for one in shape_issues(resource)]
    number = request.path_params.get("id")
    if number and resource.get("id") != number:
        told.append(Told("value", "The id in the body must be the one in the address.", f"{kind}.id"))
    return told


def _of_profile(profile: str | None, kind: str, wiring: Wiring) -> list[Told]:
    """Profiles of ours are checked with the type; one that nobody here knows is told as such."""
    if profile is None or profile in {R4 + kind, *wiring.profiles.get(kind, ())}:
        return []
    text = f"The profile {profile:.200} is not known for {kind}; nothing was checked by it."
    return [Told("not-supported", text, "http.profile")]
