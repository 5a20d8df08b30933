"""Subscription's operations: $status (instance and type) and $events, as the R4 Backport 1.1 defines them."""

from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.chassis.templated_route import TemplatedRoute
from services.notify.domain.errors import ParameterRefused
from services.notify.domain.notification import notification, status_search_set
from services.notify.domain.subscription import Content, Owner
from services.notify.fhir.answers import FhirResponse
from services.notify.fhir.asking import asking, whole_number
from services.notify.fhir.parameters import MOST, PRESENTED, read_search
from services.notify.fhir.subscription_routes import PATH, owned
from services.notify.use_cases.list_events import list_events
from services.notify.use_cases.ports import Page

LAST: Final = 999_999_999
RANGE: Final = ("eventsSinceNumber", "eventsUntilNumber")


def operation_routes() -> list[Route]:
    """Give the routes; they stand before those that take any {id}."""
    return [
        TemplatedRoute(f"{PATH}/$status", asking("r", status_of_many), methods=["GET"]),
        TemplatedRoute(f"{PATH}/{{id}}/$status", asking("r", status), methods=["GET"]),
        TemplatedRoute(f"{PATH}/{{id}}/$events", asking("r", events), methods=["GET"]),
    ]


async def status(request: Request, owner: Owner) -> Response:
    """GET /Subscription/{id}/$status: a searchset with one status."""
    held = await owned(request, owner)
    state = request.app.state
    return FhirResponse(status_search_set([held], state.bases, state.clock()))


async def status_of_many(request: Request, owner: Owner) -> Response:
    """GET /Subscription/$status: of those named by id and status, else of all the caller's."""
    named = {"id": "_id", "status": "status"}
    pairs = [(named.get(name, name), value) for name, value in request.query_params.multi_items()]
    asked = read_search(pairs, lenient=False)
    state = request.app.state
    found, _ = await state.subscribing.subscriptions.search(owner, asked.wanted, Page(MOST))
    return FhirResponse(status_search_set(found, state.bases, state.clock()))


async def events(request: Request, owner: Owner) -> Response:
    """GET /Subscription/{id}/$events: a notification of type query-event; ask again from where it ends."""
    held = await owned(request, owner)
    given = {name: value for name, value in request.query_params.items() if name not in PRESENTED}
    content = given.pop("content", held.order.content.value)
    if content not in {Content.EMPTY.value, held.order.content.value}:
        raise ParameterRefused("content", f"content can be {held.order.content.value} or empty.")
    since, until = (given.pop(name, None) for name in RANGE)
    if given:
        raise ParameterRefused(next(iter(given))[:80], f"$events takes content, {' and '.join(RANGE)}.")
    first = whole_number(since, RANGE[0], 0) if since is not None else 1
    last = whole_number(until, RANGE[1], 0) if until is not None else LAST
    found = await list_events(held, first, last, request.app.state.listing)
    told = replace(held, order=replace(held.order, content=Content(content)))
    state = request.app.state
    return FhirResponse(notification("query-event", told, found, state.bases, state.clock()))
