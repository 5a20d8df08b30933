"""The API as it is described: in /docs, and in contracts/openapi/notify.json."""

import contextlib
import re
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Final

from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from fastapi_offline import FastAPIOffline
from pydantic import BaseModel

from services.chassis.problem import MEDIA_TYPE
from services.notify.api import delivery_routes, event_routes, inbox_routes, news_routes, way_routes
from services.notify.api.asking import add_problem_handlers
from services.notify.fhir.described import TAG, fhir_paths
from services.notify.main.failures import add_failure_handlers

Lifespan = Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]

TAGS: Final = [
    {"name": "events", "description": "The record tells what happened (contracts/events)."},
    {"name": "inbox", "description": "What a unit was told, without having registered, and who has read it."},
    {
        "name": "contact ways",
        "description": "Where and when a unit is told that its inbox has something new.",
    },
    {"name": "deliveries", "description": "Every attempt to tell the caller's subscriptions; dead letters."},
    TAG,
]


class ProblemDetail(BaseModel):
    """What was wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


def described_api(lifespan: Lifespan | None = None) -> FastAPI:
    """Make the application as far as it can be described without settings."""
    app = FastAPIOffline(
        redoc_url=None,
        title="Samplan notify",
        version=version("samplan"),
        description="Takes the record's events and tells those who have the right to know.",
        openapi_tags=TAGS,
        lifespan=lifespan,
        generate_unique_id_function=_named,
    )
    # The token is checked by the route itself, before the body is read; this one shows it in the description.
    shown = Depends(HTTPBearer(auto_error=False, bearerFormat="JWT", description="RFC 9068 access token"))
    failure = {"model": ProblemDetail, "description": "What was wrong, where, and what to do"}
    for module in (event_routes, inbox_routes, news_routes, delivery_routes, way_routes):
        app.include_router(module.router, dependencies=[shown], responses={"default": failure})
    add_problem_handlers(app)
    add_failure_handlers(app)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


def _named(route: APIRoute) -> str:
    return re.sub(r"[^a-z]+", "_", (route.summary or route.name).lower())


def _described(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        described = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes, tags=TAGS
        )
        for operation in (one for path in described["paths"].values() for one in path.values()):
            told = operation["responses"]["default"]["content"]
            told[MEDIA_TYPE] = told.pop("application/json")
        described["paths"] |= fhir_paths([{"HTTPBearer": []}])
        app.openapi_schema = described
    return app.openapi_schema
