"""GET /{type}?… and POST /{type}/_search: one page, with an opaque way to the next."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told, outcome_bytes
from services.sip.domain.errors import BadRequest, UnsupportedMedia
from services.sip.fhir.answers import FhirResponse
from services.sip.fhir.asking import Wiring
from services.sip.fhir.body import LARGEST
from services.sip.fhir.bundle import page_url, search_bundle
from services.sip.fhir.search_parsing import Understood, understood
from services.sip.use_cases.page_tokens import page_token
from services.sip.use_cases.ports import Asking, Page
from services.sip.use_cases.search_resources import search_resources

FORM = "application/x-www-form-urlencoded"


async def search(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Answer one page of a search."""
    kind = request.path_params["type"]
    parameters = parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=200)
    if request.method == "POST":
        parameters += await _form(request)
    lenient = "handling=lenient" in request.headers.get("prefer", "")
    asked = understood(kind, parameters, wiring.policy.base, asking.now, lenient=lenient)
    page = await search_resources(asked.query, asking, wiring.store, page_url("", kind, asked.used))
    return FhirResponse(_bundle(kind, asked, page, wiring.policy.base))


def _bundle(kind: str, asked: Understood, page: Page, base: str) -> bytes:
    used = [one for one in asked.used if one[0] != "_page"]
    links = [("self", page_url(base, kind, asked.used))]
    if page.cursor is not None:
        links.append(("next", page_url(base, kind, [*used, ("_page", page_token(asked.query, page.cursor))])))
    total = page.total
    if total is None and page.cursor is None and asked.query.after is None:
        total = len(page.hits)  # the page is the whole, so counting is free
    outcome = None
    if asked.ignored:
        texts = [f"{name} is no parameter of {kind} here and was left out." for name in asked.ignored]
        outcome = outcome_bytes([Told("not-supported", text, severity="warning") for text in texts])
    return search_bundle(base, page.hits, links, total, outcome)


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
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        raise BadRequest(
            Told("structure", "The search form cannot be read: percent-encode it as UTF-8.")
        ) from None
