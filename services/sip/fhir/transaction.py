"""POST / with a Bundle of type transaction: all entries are stored, or none is."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest, NotSupported
from services.sip.domain.references import LOCAL
from services.sip.domain.resource_types import TYPES
from services.sip.fhir.answers import FhirResponse
from services.sip.fhir.asking import Wiring
from services.sip.fhir.body import resource_in
from services.sip.fhir.bundle import transaction_response
from services.sip.fhir.write import version_in
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.ports import Asking
from services.sip.use_cases.write_resources import write_resources

MOST_ENTRIES: Final = 500


async def transaction(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Store a whole Bundle, references between its entries resolved."""
    bundle, plain = await resource_in(request, "Bundle")
    if plain.get("type") != "transaction":
        raise NotSupported(Told("not-supported", "Send a Bundle of type transaction.", "Bundle.type"))
    entries, plain_entries = bundle.get("entry"), plain.get("entry", [])
    if not isinstance(entries, list) or not entries or len(entries) > MOST_ENTRIES:
        text = f"A transaction holds 1 to {MOST_ENTRIES} entries."
        raise BadRequest(Told("structure", text, "Bundle.entry"))
    drafts = [
        _draft(entry, plain_entry, f"Bundle.entry[{position}]")
        for position, (entry, plain_entry) in enumerate(zip(entries, plain_entries, strict=True))
    ]
    written = await write_resources(drafts, asking, wiring.store, wiring.policy)
    return FhirResponse(transaction_response(wiring.policy.base, written))


def _draft(entry: Any, plain_entry: Any, where: str) -> Draft:
    """Read one entry; raises BadRequest naming what is missing."""
    if not isinstance(entry, dict) or not isinstance(entry.get("request"), dict):
        raise BadRequest(
            Told("required", "Every entry needs a request with method and url.", f"{where}.request")
        )
    resource, plain = entry.get("resource"), plain_entry.get("resource")
    if not isinstance(resource, dict) or resource.get("resourceType") not in TYPES:
        text = "Every entry needs a resource of a type that is served here."
        raise BadRequest(Told("structure", text, f"{where}.resource"))
    kind = str(resource["resourceType"])
    method, url, full_url = entry["request"].get("method"), entry["request"].get("url"), entry.get("fullUrl")
    if not isinstance(url, str) or not (full_url is None or isinstance(full_url, str)):
        raise BadRequest(Told("structure", "request.url and fullUrl must be texts.", where))
    if entry["request"].get("ifNoneExist"):
        raise NotSupported(
            Told("not-supported", "ifNoneExist is not served yet.", f"{where}.request.ifNoneExist")
        )
    inside = f"{where}.resource"
    if method == "POST" and url == kind:
        for tree in (resource, plain):
            tree.pop("id", None)
        return Draft(kind, resource, plain, full_url=full_url, where=inside)
    target = LOCAL.match(url)
    if method == "PUT" and target and target[1] == kind and target[2] == resource.get("id"):
        if_match = entry["request"].get("ifMatch")
        replaces = version_in(
            if_match if isinstance(if_match, str) else None, url, f"{where}.request.ifMatch"
        )
        return Draft(kind, resource, plain, id=target[2], replaces=replaces, full_url=full_url, where=inside)
    text = f"A request must be POST {kind}, or PUT {kind}/<the resource's id> with ifMatch."
    raise BadRequest(Told("not-supported", text, f"{where}.request"))
