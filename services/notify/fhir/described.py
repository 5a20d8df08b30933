"""The FHIR routes in the API's description: they have no models, so they are described by hand."""

from typing import Any, Final

FHIR: Final = "application/fhir+json"
TAG: Final = {
    "name": "Subscription",
    "description": "FHIR R4 with the topic-based Backport 1.1: create, change, status, events.",
}
ID: Final = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
IF_MATCH: Final = {"name": "If-Match", "in": "header", "schema": {"type": "string"}, "example": 'W/"1"'}
FAILURE: Final = {
    "description": "An OperationOutcome: what was wrong, where, and what to do",
    "content": {FHIR: {"schema": {"type": "object"}}},
}
ONE: Final = "A Subscription"


def fhir_paths(security: list[dict[str, list[str]]]) -> dict[str, Any]:
    """Describe the routes under /fhir."""
    paths = {
        "/fhir/Subscription": {
            "get": _search("Search the caller's own subscriptions"),
            "post": _operation("Create a subscription", f"{ONE}; its signing secret is told this once", 201),
        },
        "/fhir/Subscription/_search": {"post": _search("Search by form")},
        "/fhir/Subscription/{id}": {
            "get": _operation("Read a subscription", ONE, 200, [ID]),
            "put": _operation("Change a subscription", ONE, 200, [ID, IF_MATCH | {"required": True}]),
            "delete": _operation("Delete a subscription", "Deleted", 204, [ID, IF_MATCH]),
        },
        "/fhir/Subscription/{id}/$status": {
            "get": _operation("Tell a subscription's status", "A searchset with one status", 200, [ID])
        },
        "/fhir/Subscription/{id}/$rotate-secret": {
            "post": _operation(
                "Change a subscription's signing secret",
                "Parameters with the new secret, told this once, and until when the old one signs beside it",
                200,
                [ID, *_query("overlapHours")],
            )
        },
        "/fhir/Subscription/$status": {
            "get": _operation(
                "Tell the status of several", "A searchset of statuses", 200, _query("id", "status")
            )
        },
        "/fhir/Subscription/{id}/$events": {
            "get": _operation(
                "Tell events by number",
                "A notification Bundle of type query-event, of up to 100 events",
                200,
                [ID, *_query("eventsSinceNumber", "eventsUntilNumber", "content")],
            )
        },
    }
    for operation in (one for path in paths.values() for one in path.values()):
        operation["security"] = security
    for operation in (paths["/fhir/Subscription"]["post"], paths["/fhir/Subscription/{id}"]["put"]):
        operation["requestBody"] = {"required": True, "content": {FHIR: {"schema": {"type": "object"}}}}
    return paths


def _query(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]


def _search(summary: str) -> dict[str, Any]:
    return _operation(summary, "A searchset", 200, _query("url", "status", "_id", "_count", "_after"))


def _operation(
    summary: str, answer: str, status: int, parameters: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    good: dict[str, Any] = {"description": answer}
    if status != 204:
        good["content"] = {FHIR: {"schema": {"type": "object"}}}
    return {
        "tags": [TAG["name"]],
        "summary": summary,
        "description": f"{summary}.",
        "operationId": summary.lower().replace("'", "").replace(" ", "_"),
        "parameters": parameters or [],
        "responses": {str(status): good, "default": FAILURE},
    }
