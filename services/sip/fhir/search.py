"""GET /{type}?…, POST /{type}/_search, and both within /Patient/{id}: one page, with an opaque way to the next."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told, outcome_bytes
from services.sip.domain.errors import BadRequest, UnsupportedMedia
from services.sip.domain.search_query import SearchQuery
from services.sip.fhir.answers import FhirResponse
from services.sip.fhir.asking import Wiring
from services.sip.fhir.body import LARGEST
from services.sip.fhir.bundle import page_url, search_bundle
from services.sip.fhir.compartment import compartment_search
from services.sip.fhir.search_parsing import Understood, understood
from services.sip.fhir.search_subsets import shown_as
from services.sip.use_cases.page_tokens import page_token
from services.sip.use_cases.ports import Asking, Page
from services.sip.use_cases.search_resources import search_resources

FORM: Final = "application/x-www-form-urlencoded"
MOST_FIELDS: Final = 200
LENIENT: Final = re.compile(r"(?:^|[,;])\s*handling\s*=\s*\"?lenient\"?\s*(?:$|[,;])", re.IGNORECASE)


async def search(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Answer one page of a search on a type."""
    return await _answer(request, SearchQuery(request.path_params["type"]), asking, wiring)


async def search_compartment(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Answer one page of a search on a type within one person's compartment."""
    kind, number = request.path_params["kind"], request.path_params["id"]
    return await _answer(
        request, compartment_search(request.path_params["type"], number, kind), asking, wiring
    )


async def _answer(request: Request, query: SearchQuery, asking: Asking, wiring: Wiring) -> Response:
    parameters = _fields(request.url.query)
    if request.method == "POST":
        parameters += await _form(request)
    lenient = bool(LENIENT.search(",".join(request.headers.getlist("prefer"))))
    asked = understood(query, parameters, wiring.policy.base, asking.now, lenient=lenient)
    counting = asked.query.count == 0 or asked.shown.summary == "count"
    query = replace(asked.query, count=0, counted=True, include=()) if counting else asked.query
    path = request.url.path.removeprefix("/fhir/").removesuffix("/_search")
    page = await search_resources(query, asking, wiring.store, page_url("", path, asked.used))
    return FhirResponse(_bundle(path, asked, page, wiring.policy.base))


def _bundle(path: str, asked: Understood, page: Page, base: str) -> bytes:
    used = [one for one in asked.used if one[0] != "_page"]
    links = [("self", page_url(base, path, asked.used))]
    if asked.query.after or page.cursor:
        links.append(("first", page_url(base, path, used)))
    if page.cursor is not None:
        links.append(("next", page_url(base, path, [*used, ("_page", page_token(page.cursor))])))
    total = None if asked.shown.total == "none" else page.total
    return search_bundle(base, page, (links, total), _left_out(asked), shown_as(asked.shown))


def _left_out(asked: Understood) -> bytes | None:
    """Name what lenient handling left out."""
    if not asked.ignored:
        return None
    texts = [
        f"{name[:80]!r} is no parameter of {asked.query.type} here and was left out."
        for name in asked.ignored
    ]
    return outcome_bytes([Told("not-supported", text, severity="warning") for text in texts])


def _fields(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadRequest(
            Told("too-costly", f"A search has at most {MOST_FIELDS} parameters.", "http")
        ) from None


async def _form(request: Request) -> Sequence[tuple[str, str]]:
    media = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media not in {FORM, ""}:
        raise UnsupportedMedia(Told("not-supported", f"A _search is sent as {FORM}."))
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise BadRequest(Told("too-long", "The search is longer than what is read: send less."))
    try:
        return _fields(body.decode("ascii"))
    except UnicodeDecodeError:
        raise BadRequest(
            Told("structure", "The search form cannot be read: percent-encode it as UTF-8.")
        ) from None
