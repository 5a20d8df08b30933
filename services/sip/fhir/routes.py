"""The routes under /fhir, made from the table of interactions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest, NotSupported
from services.sip.domain.resource_types import TYPES
from services.sip.fhir.answers import FhirResponse, refusal
from services.sip.fhir.asking import Handler, Wiring, asked
from services.sip.fhir.body import READABLE
from services.sip.fhir.code_lists import expand, validate_code
from services.sip.fhir.evaluate import evaluate
from services.sip.fhir.everything import person_everything, plan_everything
from services.sip.fhir.history import history, system_history, type_history
from services.sip.fhir.import_encounters import import_or_tell, import_report
from services.sip.fhir.interactions import (
    COMPARTMENT,
    HL7,
    INTERACTIONS,
    OPERATIONS,
    OURS,
    WRITTEN,
    Interaction,
    Operation,
)
from services.sip.fhir.patch import patch, patch_by_criteria
from services.sip.fhir.read import read, vread
from services.sip.fhir.search import search, search_compartment
from services.sip.fhir.transaction import act_on_bundle
from services.sip.fhir.validate import validate
from services.sip.fhir.write import create, delete, delete_by_criteria, update, update_by_criteria
from services.sip.use_cases.ports import Asking

ACCEPTED: Final = READABLE | {"*/*", "application/*", "text/*", "json"}

HANDLERS: Final[Mapping[tuple[str, bool], Handler]] = {
    ("batch", False): act_on_bundle,
    ("history-system", False): system_history,
    ("search-type", False): search,
    ("history-type", False): type_history,
    ("create", False): create,
    ("update", True): update_by_criteria,
    ("patch", True): patch_by_criteria,
    ("delete", True): delete_by_criteria,
    ("read", False): read,
    ("update", False): update,
    ("patch", False): patch,
    ("delete", False): delete,
    ("history-instance", False): history,
    ("vread", False): vread,
    (COMPARTMENT, False): search_compartment,
}
"""By the interaction's code, and whether it is the form with criteria."""

OPERATION_HANDLERS: Final[Mapping[str, Handler]] = {
    HL7 + "Resource-validate": validate,
    HL7 + "Patient-everything": person_everything,
    OURS + "care-plan-everything": plan_everything,
    HL7 + "Measure-evaluate-measure": evaluate,
    HL7 + "ValueSet-expand": expand,
    HL7 + "ValueSet-validate-code": validate_code,
    HL7 + "CodeSystem-validate-code": validate_code,
    OURS + "encounter-import": import_or_tell,
    OURS + "encounter-import-report": import_report,
}


def fhir_routes(wiring: Wiring, capability: dict[str, Any], smart: dict[str, Any]) -> list[BaseRoute]:
    """Give all routes; what is not among them is answered by `unknown`."""
    by_path: dict[str, dict[str, Handler]] = defaultdict(dict)
    for one in INTERACTIONS:
        by_path[one.path][one.method] = _guarded(HANDLERS[one.code, one.conditional], one)
    by_path["/"] = by_path[""]
    operations: dict[str, dict[str, Handler]] = defaultdict(dict)
    for path in dict.fromkeys(path for one in OPERATIONS for path in one.paths):
        serving = [one for one in OPERATIONS if path in one.paths]
        for method in dict.fromkeys(method for one in serving for method in one.methods):
            operations[path][method] = _operated([one for one in serving if method in one.methods])
    return [
        Route("/fhir/metadata", _public(capability)),
        Route("/fhir/.well-known/smart-configuration", _public(smart, "application/json")),
        Route("/fhir/Subscription{rest:path}", _elsewhere(wiring), methods=["GET", "POST", "PUT", "DELETE"]),
        *(_route(path, methods, wiring) for path, methods in [*operations.items(), *by_path.items()]),
    ]


def _route(path: str, handlers: Mapping[str, Handler], wiring: Wiring) -> Route:
    answers = {method: asked(handler, wiring) for method, handler in handlers.items()}

    async def endpoint(request: Request) -> Response:
        return await answers["GET" if request.method == "HEAD" else request.method](request)

    return Route(f"/fhir{path}", endpoint, methods=list(handlers))


def _guarded(handler: Handler, interaction: Interaction) -> Handler:
    """Check what all have in common: JSON is asked for, the type is served, and the interaction too."""

    async def guarded(request: Request, asking: Asking, wiring: Wiring) -> Response:
        if refused := _not_json(request):
            return refused
        kind = _kind_in(request)
        if kind is not None and interaction.writes and kind not in WRITTEN:
            text = f"{kind} is made by the service: it is read and searched, not written."
            return refusal(405, [Told("not-supported", text)], {"Allow": "GET"})
        return await handler(request, asking, wiring)

    return guarded


def _operated(serving: Sequence[Operation]) -> Handler:
    """Find the operation that the type has."""

    async def operated(request: Request, asking: Asking, wiring: Wiring) -> Response:
        if refused := _not_json(request, *(one.gives for one in serving)):
            return refused
        kind = _kind_in(request) or ""
        found = next((one for one in serving if one.is_for(kind)), None)
        if found is None:
            text = f"{kind} has no operation ${serving[0].name} here; see /fhir/metadata."
            raise NotSupported(Told("not-supported", text))
        return await OPERATION_HANDLERS[found.definition](request, asking, wiring)

    return operated


def _not_json(request: Request, *served: str) -> Response | None:
    wanted = request.headers.get("accept", "*/*")
    if any(part.split(";")[0].strip().lower() in {*ACCEPTED, *served} for part in wanted.split(",")):
        return None
    return refusal(406, [Told("not-supported", "Only JSON is served: ask for application/fhir+json.")])


def _kind_in(request: Request) -> str | None:
    """Give the type of the address; raises NotSupported for one that is not served, BadRequest for no id."""
    kind: str | None = request.path_params.get("type")
    if kind is not None and kind not in TYPES:
        text = f"{kind[:40]} is no type that is served here; see /fhir/metadata."
        raise NotSupported(Told("not-supported", text))
    if len(request.path_params.get("id", "")) > 64:
        raise BadRequest(Told("value", "An id has at most 64 characters."))
    return kind


def _public(body: dict[str, Any], media_type: str | None = None) -> Any:
    content = orjson.dumps(body)

    async def answer(_request: Request) -> Response:
        return FhirResponse(content, media_type=media_type, headers={"Cache-Control": "max-age=300"})

    return answer


def _elsewhere(wiring: Wiring) -> Any:
    async def answer(_request: Request) -> Response:
        text = f"Subscriptions are kept by notify: use {wiring.policy.base}/Subscription through the public address."
        return refusal(404, [Told("not-supported", text)])

    return answer


def unknown(status: int, path: str) -> Response:
    """Answer a path or method that no route has."""
    if status == 405:
        return refusal(
            405, [Told("not-supported", "This method is not served at this address; see /fhir/metadata.")]
        )
    return refusal(404, [Told("not-supported", f"Nothing is served at {path[:200]}; see /fhir/metadata.")])
