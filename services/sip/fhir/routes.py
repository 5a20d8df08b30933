"""The routes under /fhir, one pattern for every type of the table."""

from collections.abc import Sequence
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest, NotSupported
from services.sip.domain.resource_types import TYPES, Kind
from services.sip.fhir.answers import FhirResponse, refusal
from services.sip.fhir.asking import Handler, Wiring, asked
from services.sip.fhir.body import READABLE
from services.sip.fhir.history import history, system_history, type_history
from services.sip.fhir.patch import patch, patch_by_criteria
from services.sip.fhir.read import read, vread
from services.sip.fhir.search import search
from services.sip.fhir.transaction import act_on_bundle
from services.sip.fhir.write import create, delete, delete_by_criteria, update, update_by_criteria
from services.sip.use_cases.ports import Asking

ACCEPTED: Final = READABLE | {"*/*", "application/*", "text/*", "json"}


def fhir_routes(wiring: Wiring, capability: dict[str, Any], smart: dict[str, Any]) -> list[BaseRoute]:
    """Give all routes; what is not among them is answered by `unknown`."""

    def one(path: str, methods: Sequence[str], *handlers: Handler) -> Route:
        by_method = dict(zip(methods, handlers, strict=True))
        answers = {method: asked(_guarded(handler), wiring) for method, handler in by_method.items()}

        async def endpoint(request: Request) -> Response:
            return await answers["GET" if request.method == "HEAD" else request.method](request)

        return Route(f"/fhir{path}", endpoint, methods=list(methods))

    return [
        Route("/fhir/metadata", _public(capability)),
        Route("/fhir/.well-known/smart-configuration", _public(smart, "application/json")),
        one("", ["POST"], act_on_bundle),
        one("/", ["POST"], act_on_bundle),
        Route("/fhir/Subscription{rest:path}", _elsewhere(wiring), methods=["GET", "POST", "PUT", "DELETE"]),
        one("/_history", ["GET"], system_history),
        one("/{type}/_search", ["POST"], search),
        one("/{type}/_history", ["GET"], type_history),
        one(
            "/{type}",
            ["GET", "POST", "PUT", "PATCH", "DELETE"],
            search,
            create,
            update_by_criteria,
            patch_by_criteria,
            delete_by_criteria,
        ),
        one("/{type}/{id}", ["GET", "PUT", "PATCH", "DELETE"], read, update, patch, delete),
        one("/{type}/{id}/_history", ["GET"], history),
        one("/{type}/{id}/_history/{vid}", ["GET"], vread),
    ]


def _guarded(handler: Handler) -> Handler:
    """Check what all routes have in common: the type is served, the interaction too, and JSON is asked for."""

    async def guarded(request: Request, asking: Asking, wiring: Wiring) -> Response:
        wanted = request.headers.get("accept", "*/*")
        if not any(part.split(";")[0].strip().lower() in ACCEPTED for part in wanted.split(",")):
            return refusal(
                406, [Told("not-supported", "Only JSON is served: ask for application/fhir+json.")]
            )
        kind = request.path_params.get("type")
        if kind is not None:
            if kind not in TYPES:
                raise NotSupported(
                    Told("not-supported", f"{kind[:40]} is no type that is served here; see /fhir/metadata.")
                )
            if TYPES[kind].kind is Kind.DERIVED and handler not in {read, search}:
                text = f"{kind} is made by the service: it is read and searched, not written."
                return refusal(405, [Told("not-supported", text)], {"Allow": "GET"})
            if len(request.path_params.get("id", "")) > 64:
                raise BadRequest(Told("value", "An id has at most 64 characters."))
        return await handler(request, asking, wiring)

    return guarded


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
