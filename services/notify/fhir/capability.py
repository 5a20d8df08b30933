"""What notify can do, as a CapabilityStatement: topic-based subscriptions, and the topics there are."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.chassis.templated_route import TemplatedRoute
from services.notify.domain.topics import TOPICS
from services.notify.fhir.answers import FhirResponse

BACKPORT: Final = "http://hl7.org/fhir/uv/subscriptions-backport/"
PUBLISHED: Final = "2026-11-25"


def metadata_route(version: str) -> Route:
    """Give the route; who asks needs no token, as everywhere in FHIR."""

    async def metadata(request: Request) -> Response:
        return FhirResponse(capability_statement(request.app.state.bases.subscriptions, version))

    return TemplatedRoute("/fhir/metadata", metadata, methods=["GET"])


def capability_statement(base: str, version: str) -> dict[str, Any]:
    """Build the statement."""
    return {
        "resourceType": "CapabilityStatement",
        "url": "https://samplan.example/fhir/CapabilityStatement/notify",
        "version": version,
        "name": "SamplanNotify",
        "title": "Samplan: notifications",
        "status": "active",
        "date": PUBLISHED,
        "kind": "instance",
        "instantiates": [f"{BACKPORT}CapabilityStatement/backport-subscription-server-r4"],
        "software": {"name": "Samplan notify", "version": version},
        "implementation": {"description": "Subscriptions to a shared record", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json"],
        "rest": [{"mode": "server", "resource": [_subscription()]}],
    }


def _subscription() -> dict[str, Any]:
    topic = f"{BACKPORT}StructureDefinition/capabilitystatement-subscriptiontopic-canonical"
    return {
        "extension": [{"url": topic, "valueCanonical": one} for one in TOPICS],
        "type": "Subscription",
        "supportedProfile": [f"{BACKPORT}StructureDefinition/backport-subscription"],
        "interaction": [{"code": code} for code in ("read", "create", "update", "delete", "search-type")],
        "versioning": "versioned-update",
        "readHistory": False,
        "updateCreate": False,
        "searchParam": [
            {"name": "_id", "type": "token"},
            {"name": "status", "type": "token", "definition": _param("status")},
            {"name": "url", "type": "uri", "definition": _param("url")},
        ],
        "operation": [
            {"name": name, "definition": f"{BACKPORT}OperationDefinition/backport-subscription-{name}"}
            for name in ("status", "events")
        ],
    }


def _param(name: str) -> str:
    return f"http://hl7.org/fhir/SearchParameter/Subscription-{name}"
