"""CapabilityStatement and SMART configuration, generated from the table that routes."""

from collections.abc import Sequence
from typing import Any, Final

from services.chassis.tokens import TrustedIssuer
from services.sip.domain.codes import TOPICS
from services.sip.domain.profiles import Profiles
from services.sip.domain.resource_types import TYPES, ResourceType
from services.sip.domain.search_params import PARAMS, SearchParam
from services.sip.fhir.interactions import OPERATIONS, WRITTEN, interactions_of
from services.sip.fhir.search_controls import leads_to

PUBLISHED: Final = "2026-11-22"
_KINDS: Final = {"id": "token", "updated": "date"}


def capability_statement(base: str, version: str, profiles: Profiles) -> dict[str, Any]:
    """Build the statement; a test drives the server by it."""
    return {
        "resourceType": "CapabilityStatement",
        "url": "https://samplan.example/fhir/CapabilityStatement/sip",
        "version": version,
        "name": "SamplanSip",
        "title": "Samplan: coordinated individual plans and fixed care contacts",
        "status": "active",
        "date": PUBLISHED,
        "kind": "instance",
        "instantiates": [f"{_BACKPORT}CapabilityStatement/backport-subscription-server-r4"],
        "software": {"name": "Samplan sip", "version": version},
        "implementation": {"description": "Shared by a region and its municipalities", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json"],
        "patchFormat": ["application/json-patch+json", "application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "service": [{"coding": [_SMART]}],
                    "description": "OAuth 2 bearer tokens, SMART v2 scopes.",
                },
                "resource": [
                    *(_resource(row, profiles.of_type(row.name)) for row in TYPES.values()),
                    _subscription(),
                ],
                "interaction": [{"code": code} for code in ("transaction", "batch", "history-system")],
                "compartment": ["http://hl7.org/fhir/CompartmentDefinition/patient"],
            }
        ],
    }


_BACKPORT: Final = "http://hl7.org/fhir/uv/subscriptions-backport/"
_SMART: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
    "code": "SMART-on-FHIR",
}


def _subscription() -> dict[str, Any]:
    """Subscriptions stand on the same public base, served by notify, whose own statement says the same."""
    topic = f"{_BACKPORT}StructureDefinition/capabilitystatement-subscriptiontopic-canonical"
    return {
        "extension": [{"url": topic, "valueCanonical": one} for one in TOPICS],
        "type": "Subscription",
        "supportedProfile": [f"{_BACKPORT}StructureDefinition/backport-subscription"],
        "documentation": "Served by notify on the same base: /fhir/Subscription.",
        "interaction": [{"code": code} for code in ("read", "create", "update", "delete", "search-type")],
        "versioning": "versioned-update",
        "searchParam": [{"name": "url", "type": "uri"}, {"name": "status", "type": "token"}],
        "operation": [
            {"name": name, "definition": f"{_BACKPORT}OperationDefinition/backport-subscription-{name}"}
            for name in ("status", "events")
        ],
    }


def _resource(row: ResourceType, profiles: Sequence[str]) -> dict[str, Any]:
    writes = row.name in WRITTEN
    told: dict[str, Any] = {
        "type": row.name,
        "interaction": [{"code": code} for code in interactions_of(row.name)],
        "versioning": "versioned-update" if writes else "no-version",
        "readHistory": writes,
        "updateCreate": False,
        "conditionalCreate": writes,
        "conditionalRead": "full-support",
        "conditionalUpdate": writes,
        "conditionalDelete": "single" if writes else "not-supported",
        "referencePolicy": ["literal", "logical", "enforced"],
        "searchParam": [_param(param) for param in PARAMS[row.name].values()],
    }
    told |= {name: listed for name, listed in _includes(row.name).items() if listed}
    if profiles:
        told["supportedProfile"] = profiles
    if operations := [one for one in OPERATIONS if one.is_for(row.name)]:
        told["operation"] = [{"name": one.name, "definition": one.definition} for one in operations]
    return told


def _includes(kind: str) -> dict[str, list[str]]:
    """Name what _include and _revinclude take: references of the type, and those of others that lead to it."""
    return {
        "searchInclude": [f"{kind}:{one.name}" for one in PARAMS[kind].values() if one.kind == "reference"],
        "searchRevInclude": [
            f"{other}:{one.name}"
            for other in TYPES
            for one in PARAMS[other].values()
            if one.kind == "reference"
            and leads_to(one, kind)
            and other != "AuditEvent"  # read by itself alone
        ],
    }


def _param(param: SearchParam) -> dict[str, str]:
    return {"name": param.name, "definition": param.definition, "type": _KINDS.get(param.kind, param.kind)}


def smart_configuration(issuers: Sequence[TrustedIssuer], token_url: str) -> dict[str, Any]:
    """Tell a client where tokens come from: https://hl7.org/fhir/smart-app-launch/conformance.html."""
    return {
        "issuer": issuers[0].issuer,
        "jwks_uri": issuers[0].jwks_uri,
        "token_endpoint": token_url,
        "grant_types_supported": ["client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": ["user/*.cruds", "system/*.cruds", "patient/*.rs"],
        "capabilities": ["permission-user", "permission-patient", "permission-v1", "permission-v2"],
    }
