"""Patient/$everything, and CarePlan/$everything: the plan as one document."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest
from services.sip.domain.moments import span_of
from services.sip.domain.plan_document import composition
from services.sip.fhir.answers import FhirResponse
from services.sip.fhir.asking import Wiring
from services.sip.fhir.parameters import Given, given_in
from services.sip.fhir.read import key_of
from services.sip.use_cases.new_versions import instant
from services.sip.use_cases.ports import Asking, Stored
from services.sip.use_cases.read_everything import Wanted, read_person, read_whole_plan

MOST: Final = 1000


async def person_everything(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Give the Patient first, then the record, then those whom it speaks of."""
    given = await given_in(request)
    given.only("_since", "_type", "_count", "_page")
    found = await read_person(key_of(request), _wanted(given), asking, wiring.store)
    shown, following = _paged(found, given)
    address = f"{wiring.policy.base}/{key_of(request)}/$everything"
    used = [(name, value) for name, value in given.texts.items() if name != "_page"]
    links = [
        {
            "relation": "self",
            "url": address + (f"?{urlencode(list(given.texts.items()))}" if given.texts else ""),
        }
    ]
    if following:
        links.append({"relation": "next", "url": f"{address}?{urlencode([*used, ('_page', following)])}"})
    bundle = {
        "resourceType": "Bundle", "type": "searchset", "total": len(found), "link": links,
        "entry": [{**one, "search": {"mode": "match"}} for one in _entries(shown, wiring)],
    }  # fmt: skip
    return FhirResponse(orjson.dumps(bundle))


def _paged(found: Sequence[Stored], given: Given) -> tuple[Sequence[Stored], str | None]:
    """Cut a page out of the whole, by key: the Patient stands first, the rest in the order of their keys."""
    count = given.texts.get("_count", str(MOST))
    if not (count.isascii() and count.isdigit() and 0 < len(count) < 10):
        raise BadRequest(Told("value", "_count is a whole number.", "http._count"))
    after = given.texts.get("_page", "")
    first, *others = found
    ordered = sorted(others, key=lambda one: one.key)
    left = [one for one in ordered if one.key > after] if after else [first, *ordered]
    most = max(1, min(int(count), MOST))
    more = len(left) > most
    return left[:most], (
        left[most - 1].key if more and left[most - 1] is not first else "!" if more else None
    )


async def plan_everything(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Give the plan as a document that can be filed as it is."""
    (await given_in(request)).only()
    found = await read_whole_plan(key_of(request), asking, wiring.store)
    plan, *others = (orjson.loads(one.body) for one in found)
    at = instant(asking.now)
    front = composition(plan, others, at)
    first = {"fullUrl": f"{wiring.policy.base}/Composition/{front['id']}", "resource": front}
    bundle = {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{wiring.policy.new_id()}"},
        "type": "document", "timestamp": at, "entry": [first, *_entries(found, wiring)],
    }  # fmt: skip
    return FhirResponse(orjson.dumps(bundle))


def _wanted(given: Given) -> Wanted:
    types = given.texts.get("_type")
    try:
        since = span_of(given.texts["_since"])[0] if "_since" in given.texts else None
    except (ValueError, OverflowError):
        raise BadRequest(Told("value", "_since is an instant.", "http._since")) from None
    return Wanted(types.split(",") if types else None, since)


def _entries(found: Sequence[Stored], wiring: Wiring) -> list[dict[str, Any]]:
    return [
        {"fullUrl": f"{wiring.policy.base}/{one.key}", "resource": orjson.Fragment(one.body)} for one in found
    ]
