"""The entries of a Bundle that is acted on, read into requests, in the order in which FHIR has them done."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest
from services.sip.domain.exact_json import dumped
from services.sip.domain.held import Resource

MOST_ENTRIES: Final = 500
ORDER: Final = ("DELETE", "POST", "PUT", "PATCH", "GET", "HEAD")
"""http://hl7.org/fhir/R4/http.html#trules; PUT and PATCH are one step there, as their resources never overlap."""

CONDITIONS: Final = {
    "ifMatch": "if-match",
    "ifNoneMatch": "if-none-match",
    "ifModifiedSince": "if-modified-since",
    "ifNoneExist": "if-none-exist",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: what is asked, with which content (decimals as written, and plain), and where it stands."""

    method: str
    url: str
    conditions: dict[str, str]
    where: str
    full_url: str | None = None
    resource: Resource | None = None
    plain: Resource | None = None

    @property
    def path(self) -> str:
        """Give the address without its query."""
        return self.url.partition("?")[0]

    @property
    def query(self) -> str:
        """Give the query, which for a write is criteria."""
        return self.url.partition("?")[2]

    def body(self) -> tuple[bytes, str]:
        """Give the content and its media type; a Binary holds the bytes of a patch. Raises BadRequest."""
        if self.resource is None:
            return b"", ""
        if self.method != "PATCH" or self.resource.get("resourceType") != "Binary":
            return dumped(self.resource), "application/fhir+json"
        try:
            raw = base64.b64decode(self.resource.get("data", ""), validate=True)
        except (binascii.Error, ValueError, TypeError):
            raise BadRequest(Told("value", "Binary.data is base64.", f"{self.where}.resource.data")) from None
        return raw, str(self.resource.get("contentType", ""))


def entries_of(bundle: Any, plain: Any, base: str) -> Sequence[Entry]:
    """Read all entries, in the order they came; raises BadRequest naming the one that does not hold."""
    given, plain_given = bundle.get("entry"), plain.get("entry", [])
    if not isinstance(given, list) or not given or len(given) > MOST_ENTRIES:
        raise BadRequest(
            Told("structure", f"A Bundle that is acted on holds 1 to {MOST_ENTRIES} entries.", "Bundle.entry")
        )
    pairs = zip(given, plain_given, strict=True)
    return [_entry(one, other, f"Bundle.entry[{at}]", base) for at, (one, other) in enumerate(pairs)]


def _entry(given: Any, plain: Any, where: str, base: str) -> Entry:
    if not isinstance(given, dict) or not isinstance(given.get("request"), dict):
        raise BadRequest(
            Told("required", "Every entry needs a request with method and url.", f"{where}.request")
        )
    request, full_url = given["request"], given.get("fullUrl")
    method, url = request.get("method"), request.get("url")
    if not isinstance(url, str) or not (full_url is None or isinstance(full_url, str)):
        raise BadRequest(Told("structure", "request.url and fullUrl must be texts.", where))
    if method not in ORDER:
        raise BadRequest(Told("value", f"method is one of {', '.join(ORDER)}.", f"{where}.request.method"))
    conditions = {CONDITIONS[name]: value for name, value in request.items() if name in CONDITIONS}
    if not all(isinstance(value, str) and value.isprintable() for value in conditions.values()):
        raise BadRequest(Told("structure", "Conditions of a request are texts.", f"{where}.request"))
    resource, plain_resource = given.get("resource"), plain.get("resource")
    if method in {"POST", "PUT", "PATCH"} and not isinstance(resource, dict):
        raise BadRequest(Told("required", f"A {method} needs a resource.", f"{where}.resource"))
    url = url.removeprefix(base).lstrip("/")
    return Entry(method, url, conditions, where, full_url, resource, plain_resource)
