"""The FHIR routes in the API's description: they have no models, so they are described by hand."""

from typing import Any, Final

from fastapi import FastAPI

FHIR: Final = "application/fhir+json"
TAG: Final = "Subscription (FHIR R4, topic-based Backport 1.1)"
ID: Final = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
IF_MATCH: Final = {"name": "If-Match", "in": "header", "schema": {"type": "string"}, "example": 'W/"1"'}
OUTCOME: Final = {
    "description": "OperationOutcome: what was wrong, where, and what to do.",
    "content": {FHIR: {}},
}


def described(app: FastAPI) -> None:
    """Add the FHIR routes to what FastAPI says about itself."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        schema = plain()
        schema["paths"].update(_paths())
        return schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents


def _paths() -> dict[str, Any]:
    one, many = "A Subscription.", "A searchset Bundle of the caller's own Subscriptions."
    changed = {**_operation("Change", one, 200, body=True), "parameters": [ID, IF_MATCH | {"required": True}]}
    return {
        "/fhir/Subscription": {
            "get": _operation("Search", many, 200, _query("url", "status", "_id", "_count", "_after")),
            "post": _operation("Create", f"{one} The signing secret is told this once.", 201, body=True),
        },
        "/fhir/Subscription/_search": {"post": _operation("Search by form", many, 200)},
        "/fhir/Subscription/{id}": {
            "get": _operation("Read", one, 200, [ID]),
            "put": changed,
            "delete": {**_operation("Delete", "Deleted.", 204), "parameters": [ID, IF_MATCH]},
        },
        "/fhir/Subscription/{id}/$status": {
            "get": _operation("Status", "A searchset Bundle with one status.", 200, [ID])
        },
        "/fhir/Subscription/$status": {
            "get": _operation(
                "Status of many", "A searchset Bundle of statuses.", 200, _query("id", "status")
            )
        },
        "/fhir/Subscription/{id}/$events": {
            "get": _operation(
                "Events by number",
                "A notification Bundle of type query-event, up to 100 events.",
                200,
                [ID, *_query("eventsSinceNumber", "eventsUntilNumber", "content")],
            )
        },
    }


def _query(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]


def _operation(
    summary: str,
    answer: str,
    status: int,
    parameters: list[dict[str, Any]] | None = None,
    *,
    body: bool = False,
) -> dict[str, Any]:
    good = {"description": answer} if status == 204 else {"description": answer, "content": {FHIR: {}}}
    operation: dict[str, Any] = {
        "tags": [TAG],
        "summary": summary,
        "responses": {str(status): good, "4XX": OUTCOME, "5XX": OUTCOME},
    }
    if parameters:
        operation["parameters"] = parameters
    if body:
        operation["requestBody"] = {"required": True, "content": {FHIR: {"schema": {"type": "object"}}}}
    return operation
