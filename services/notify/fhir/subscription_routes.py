"""Subscription: create, read, update, delete, search (https://hl7.org/fhir/R4/http.html)."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.chassis.templated_route import TemplatedRoute
from services.notify.domain.errors import SubscriptionNotFound, VersionNotNamed
from services.notify.domain.subscription import Owner, Subscription, rendered, with_secret
from services.notify.fhir.answers import FhirResponse, version_headers
from services.notify.fhir.asking import asking, named_version, resource_in
from services.notify.fhir.parameters import Search, search_in
from services.notify.use_cases.create_subscription import Subscribing, create_subscription
from services.notify.use_cases.delete_subscription import delete_subscription
from services.notify.use_cases.update_subscription import update_subscription

PATH = "/fhir/Subscription"
LONGEST_ID = 64


def subscription_routes() -> list[Route]:
    """Give the routes; the searches stand first, because {id} would take their names."""
    return [
        TemplatedRoute(PATH, asking("s", search), methods=["GET"]),
        TemplatedRoute(PATH, asking("c", create), methods=["POST"]),
        TemplatedRoute(f"{PATH}/_search", asking("s", search), methods=["POST"]),
        TemplatedRoute(f"{PATH}/{{id}}", asking("r", read), methods=["GET"]),
        TemplatedRoute(f"{PATH}/{{id}}", asking("u", update), methods=["PUT"]),
        TemplatedRoute(f"{PATH}/{{id}}", asking("d", delete), methods=["DELETE"]),
    ]


async def create(request: Request, owner: Owner) -> Response:
    """POST /Subscription: 201, with the signing secret, which is told this once."""
    subscribing = _subscribing(request)
    held = await create_subscription(
        await resource_in(request), owner, subscribing, request.app.state.clock()
    )
    location = f"{request.app.state.bases.subscriptions}/Subscription/{held.id}/_history/{held.version}"
    headers = {"Location": location, **version_headers(held.version, held.updated)}
    return FhirResponse(with_secret(rendered(held), held.secrets[0]), 201, headers)


async def read(request: Request, owner: Owner) -> Response:
    """GET /Subscription/{id}: what is not the caller's own counts as absent."""
    return _answer(await owned(request, owner))


async def update(request: Request, owner: Owner) -> Response:
    """PUT /Subscription/{id} with If-Match."""
    version = named_version(request)
    if version is None:
        raise VersionNotNamed("Name the version you change: If-Match, with the ETag of your last read.")
    named = (request.path_params["id"], version)
    subscribing = _subscribing(request)
    resource = await resource_in(request)
    held = await update_subscription(named, resource, owner, subscribing, request.app.state.clock())
    return _answer(held)


async def delete(request: Request, owner: Owner) -> Response:
    """DELETE /Subscription/{id}, with If-Match if the caller wants to be sure."""
    version, subscribing = named_version(request), request.app.state.subscribing
    await delete_subscription(request.path_params["id"], version, owner, subscribing.subscriptions)
    return Response(status_code=204)


async def search(request: Request, owner: Owner) -> Response:
    """GET /Subscription and POST /Subscription/_search: the caller's own, by url, status and _id."""
    asked = await search_in(request)
    subscribing: Subscribing = request.app.state.subscribing
    found, after = await subscribing.subscriptions.search(owner, asked.wanted, asked.page)
    url = f"{request.app.state.bases.subscriptions}/Subscription"
    bundle = {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": _links(url, asked, after),
        **({"total": len(found)} if after is None and asked.page.after is None else {}),
    }
    entries = [
        {"fullUrl": f"{url}/{one.id}", "resource": rendered(one), "search": {"mode": "match"}}
        for one in found
    ]
    return FhirResponse({**bundle, "entry": entries} if entries else bundle)


async def owned(request: Request, owner: Owner) -> Subscription:
    """Read the subscription in the path, if it is the caller's."""
    wanted = request.path_params["id"]
    if len(wanted) > LONGEST_ID:
        raise SubscriptionNotFound("There is no such subscription of yours.")
    held: Subscription = await request.app.state.subscribing.subscriptions.of_owner(wanted, owner)
    return held


def _subscribing(request: Request) -> Subscribing:
    subscribing: Subscribing = request.app.state.subscribing
    return replace(subscribing, reads=request.state.reads)


def _answer(held: Subscription) -> Response:
    return FhirResponse(rendered(held), 200, version_headers(held.version, held.updated))


def _links(url: str, asked: Search, after: str | None) -> list[dict[str, str]]:
    links = [{"relation": "self", "url": f"{url}?{asked.query(asked.page.after)}"}]
    if after:
        links.append({"relation": "next", "url": f"{url}?{asked.query(after)}"})
    return links
