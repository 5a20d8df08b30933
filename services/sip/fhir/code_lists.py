"""$expand and $validate-code of our own value sets and code systems."""

from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest, NotFound
from services.sip.domain.held import Resource
from services.sip.domain.names import folded
from services.sip.fhir.answers import FhirResponse
from services.sip.fhir.asking import Wiring
from services.sip.fhir.parameters import Given, given_in
from services.sip.use_cases.new_versions import instant
from services.sip.use_cases.ports import Asking

MOST: Final = 1000


async def expand(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Give the codes of a value set, those that hold the filter's text."""
    given = await given_in(request)
    given.only("url", "valueSetVersion", "filter", "count", "offset")
    found = _list(request, given, "ValueSet", wiring)
    words = [
        one
        for one in wiring.terminology.words(found)
        if folded(given.texts.get("filter", "")) in folded(one.display)
    ]
    offset, count = (_number(given, name, default) for name, default in (("offset", 0), ("count", MOST)))
    contains = [one._asdict() for one in words[offset : offset + count]]
    expansion: dict[str, Any] = {"timestamp": instant(asking.now), "total": len(words), "offset": offset}
    if contains:
        expansion["contains"] = contains
    return FhirResponse(orjson.dumps({**found, "expansion": expansion}))


async def validate_code(request: Request, asking: Asking, wiring: Wiring) -> Response:  # noqa: ARG001 - as all routes are called
    """Tell whether a code is in a value set or code system of ours, and its word."""
    given = await given_in(request)
    kind = request.path_params["type"]
    given.only(
        "url", "system", "code", "version", "display", "codeSystem", "valueSetVersion", "systemVersion"
    )
    found = _list(request, given, kind, wiring)
    code = given.texts.get("code")
    if not code:
        raise BadRequest(Told("required", "Say which code: code=…, with its system.", "http.code"))
    system = given.texts.get("system") or (found["url"] if kind == "CodeSystem" else None)
    if system is None:
        raise BadRequest(Told("required", "Say the system of the code: system=….", "http.system"))
    words = [one for one in wiring.terminology.words(found) if (one.system, one.code) == (system, code)]
    parameters: list[dict[str, Any]] = [{"name": "result", "valueBoolean": bool(words)}]
    if words:
        parameters.append({"name": "display", "valueString": words[0].display})
    else:
        text = f"{code:.100} of {system:.200} is not in {found['url']}."
        parameters.append({"name": "message", "valueString": text})
    return FhirResponse(orjson.dumps({"resourceType": "Parameters", "parameter": parameters}))


def _list(request: Request, given: Given, kind: str, wiring: Wiring) -> Resource:
    """Find the list by the address, or by its url; raises NotFound, BadRequest."""
    number = request.path_params.get("id")
    name = "system" if kind == "CodeSystem" and "url" not in given.texts else "url"
    url = wiring.terminology.url_of(kind, number) if number else given.texts.get(name)
    if url is None and number is None:
        raise BadRequest(Told("required", f"Say which {kind}: url=<its canonical url>.", "http.url"))
    found = wiring.terminology.resource(kind, url or "")
    if found is None:
        text = f"{kind} {url or number or '':.200} is none of those published here; search {kind} for what there is."
        raise NotFound(Told("not-found", text))
    return found


def _number(given: Given, name: str, default: int) -> int:
    text = given.texts.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadRequest(Told("value", f"{name} is a whole number.", f"http.{name}"))
    return int(text)
