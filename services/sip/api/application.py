"""The FastAPI application of /api/v1, as it is served and as it is described."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from fastapi_offline import FastAPIOffline

from services.chassis.problem import MEDIA_TYPE
from services.sip.api import (
    audit,
    between_services,
    blocks,
    care_managers,
    contact_changes,
    contacts,
    emergency,
    figures,
    handovers,
    persons,
    plan_life,
    plan_parts,
    plans,
    samples,
    sharing,
    work_list,
)
from services.sip.api.models.problem import ProblemDetail
from services.sip.api.wiring import Wiring

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

TITLE: Final = "Samplan"
DESCRIPTION: Final = """\
The coordinated individual plan (SIP) and fixed care contacts, for systems that know personal numbers and HSA-ids.
The same plans are found as FHIR R4 under `/fhir`.

**A plan from need to follow-up**: find the person, note the need and the consent, call the other units, draft the plan,
activate it (a refusal names everything that is missing, with its paragraph), follow it up.

**Changes** to a plan say which version they saw: `If-Match`, from the plan's `ETag`.
**Repeating** a request whose answer was lost is safe with an `Idempotency-Key`.
**Failures** are problem details (RFC 9457); `rule` is stable, `text` is for people to read.
"""
TAGS: Final = [
    {"name": "Persons", "description": "Found by personal number, never in an address."},
    {"name": "Needs", "description": "Behov."},
    {"name": "Consents", "description": "Samtycke: to whom, until when, withdrawn at any time."},
    {"name": "Calls", "description": "Kallelse to plan together."},
    {"name": "Plans", "description": "Samordnad individuell plan, drafted and read whole."},
    {"name": "Content of a plan", "description": "Goals, interventions, what others do, who takes part."},
    {"name": "Life of a plan", "description": "Activation, pause, follow-up, ending."},
    {"name": "Fixed contacts", "description": "Fast läkarkontakt, vårdkontakt, omsorgskontakt."},
    {"name": "Work list", "description": "People whose fixed contacts somebody must look at."},
    {"name": "Access log", "description": "Who has looked."},
    {"name": "Figures", "description": "Exact indicators, and what a list of residents would carry."},
    {"name": "Between services", "description": "For notify."},
]
ROUTERS: Final = (
    persons.router,
    sharing.router,
    plans.router,
    plan_parts.router,
    plan_life.activation,
    plan_life.router,
    contacts.router,
    contact_changes.router,
    care_managers.router,
    handovers.router,
    work_list.router,
    audit.router,
    samples.router,
    blocks.router,
    emergency.router,
    figures.router,
    between_services.router,
)


def api_application(version: str, lifespan: Lifespan | None = None, wiring: Wiring | None = None) -> FastAPI:
    """Make the application; without wiring it can be described, not asked."""
    app = FastAPIOffline(
        redoc_url=None,
        title=TITLE,
        description=DESCRIPTION,
        version=version,
        openapi_tags=TAGS,
        lifespan=lifespan,
        generate_unique_id_function=_named,
    )
    app.state.wiring = wiring
    # The token is checked by the route itself, before the body is read; this one shows it in the description.
    shown = Depends(HTTPBearer(auto_error=False, bearerFormat="JWT", description="RFC 9068 access token"))
    failures: dict[int | str, dict[str, Any]] = {
        "default": {"model": ProblemDetail, "description": "What was wrong, where, and what to do"}
    }
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1", dependencies=[shown], responses=failures)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


def _named(route: APIRoute) -> str:
    """Name an operation by what it does: `draft_a_plan`."""
    return re.sub(r"[^a-z]+", "_", (route.summary or route.name).lower())


def _described(app: FastAPI) -> dict[str, Any]:
    """Describe the API; problems have a media type of their own, and If-Match is required."""
    if app.openapi_schema is None:
        described = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        for operation in (one for path in described["paths"].values() for one in path.values()):
            told = operation["responses"]["default"]["content"]
            told[MEDIA_TYPE] = told.pop("application/json")
            for parameter in operation.get("parameters", ()):
                # It is read as optional only so that its absence is answered by 428 and not by 400.
                parameter["required"] |= parameter["name"] == "If-Match"
        app.openapi_schema = described
    return app.openapi_schema
