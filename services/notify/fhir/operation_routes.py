"""Subscription's operations: $status (instance and type) and $events, as the R4 Backport 1.1 defines them."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.chassis.templated_route import TemplatedRoute
from services.notify.domain.errors import ParameterRefused
from services.notify.domain.notification import instant, notification, status_search_set
from services.notify.domain.subscription import Content, Owner
from services.notify.fhir.answers import FhirResponse, version_headers
from services.notify.fhir.asking import asking, whole_number
from services.notify.fhir.parameters import MOST, PRESENTED, read_search
from services.notify.fhir.subscription_routes import PATH, owned
from services.notify.use_cases.list_events import list_events
from services.notify.use_cases.ports import Page
from services.notify.use_cases.rotate_secret import rotate_secret

LONGEST_OVERLAP: Final = 168  # a week
LAST: Final = 999_999_999
RANGE: Final = ("eventsSinceNumber", "eventsUntilNumber")


def operation_routes() -> list[Route]:
    """Give the routes; they stand before those that take any {id}."""
    return [
        TemplatedRoute(f"{PATH}/$status", asking("r", status_of_many), methods=["GET"]),
        TemplatedRoute(f"{PATH}/{{id}}/$status", asking("r", status), methods=["GET"]),
        TemplatedRoute(f"{PATH}/{{id}}/$rotate-secret", asking("u", rotate), methods=["POST"]),
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


async def rotate(request: Request, owner: Owner) -> Response:
    """POST /Subscription/{id}/$rotate-secret: the new secret, told this once; the old one signs on for a while."""
    named = request.query_params.get("overlapHours", "24")
    hours = whole_number(named, "overlapHours", 0)
    if hours > LONGEST_OVERLAP:
        raise ParameterRefused("overlapHours", f"overlapHours is at most {LONGEST_OVERLAP}.")
    held = await owned(request, owner)
    state = request.app.state
    subscriptions = state.subscribing.subscriptions
    changed = await rotate_secret(held.id, timedelta(hours=hours), owner, subscriptions, state.clock())
    told = [{"name": "secret", "valueString": changed.secrets[0].spoken()}]
    told += [
        {"name": "previousUntil", "valueInstant": instant(one.until)} for one in changed.secrets if one.until
    ]
    headers = version_headers(changed.version, changed.updated)
    return FhirResponse({"resourceType": "Parameters", "parameter": told}, 200, headers)


async def events(request: Request, owner: Owner) -> Response:
    """GET /Subscription/{id}/$events: a notification of type query-event; ask again from where it ends."""
    held = await owned(request, owner)
    given = {name: value for name, value in request.query_params.items() if name not in PRESENTED}
    content = given.pop("content", held.order.content.value)
    allowed = [one.value for one in Content][: list(Content).index(held.order.content) + 1]
    if content not in allowed:
        raise ParameterRefused("content", f"content can be {' or '.join(allowed)}.")
    since, until = (given.pop(name, None) for name in RANGE)
    if given:
        raise ParameterRefused(next(iter(given))[:80], f"$events takes content, {' and '.join(RANGE)}.")
    first = whole_number(since, RANGE[0], 0) if since is not None else 1
    last = whole_number(until, RANGE[1], 0) if until is not None else LAST
    told = replace(held, order=replace(held.order, content=Content(content)))
    found = await list_events(told, first, last, request.app.state.listing)
    state = request.app.state
    return FhirResponse(notification("query-event", told, found, state.bases, state.clock()))
