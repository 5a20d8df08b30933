"""What a stored version is found by: terms for tokens, references, texts and uris, and spans for dates.

A term is one string: `status=active`, `category=<system>|SIP`, `patient>Patient/1`, `name~andersson`. One array
of terms needs one index, whatever the number of parameters; adding a parameter is adding a row.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from services.sip.domain.held import Resource
from services.sip.domain.moments import span_of, span_of_period
from services.sip.domain.names import folded
from services.sip.domain.references import local_key
from services.sip.domain.resource_types import values_at
from services.sip.domain.search_params import PARAMS, SearchParam

LONGEST_TERM = 400
Dated = tuple[str, datetime, datetime]


def index_terms(resource: Resource) -> tuple[list[str], list[Dated]]:
    """Give the terms and the dated spans under which a resource is found."""
    terms: set[str] = set()
    dates: list[Dated] = []
    for param in PARAMS[resource["resourceType"]].values():
        if param.kind in {"id", "updated"}:
            continue
        values = [value for path in param.paths for value in values_at(resource, path) if value is not None]
        if values:
            terms.add(f"{param.name}!")
        for value in values:
            if param.kind == "date":
                dates += [(param.name, *span) for span in _span(value)]
            else:
                terms.update(f"{param.name}{term}"[:LONGEST_TERM] for term in _terms(param, value))
    return sorted(terms), dates


def _terms(param: SearchParam, value: Any) -> Iterator[str]:
    match param.kind:
        case "token":
            yield from token_terms(value)
        case "reference":
            yield from _reference_terms(value)
        case "string" if isinstance(value, str):
            yield "~" + folded(value)
            yield "=" + value
        case "uri" if isinstance(value, str):
            yield "=" + value


def token_terms(value: Any) -> Iterator[str]:
    """Give the terms of a code, Coding, CodeableConcept, Identifier, ContactPoint or boolean."""
    if isinstance(value, bool):
        yield f"={str(value).lower()}"
    elif isinstance(value, str):
        yield f"={value}"
        yield f"=|{value}"
    elif isinstance(value, Mapping):
        for coding in value.get("coding", ()):
            yield from token_terms(coding)
        yield from ("~" + folded(value[name]) for name in ("text", "display") if name in value)
        yield from _coded(value.get("system", ""), value.get("code") or value.get("value"))


def _coded(system: str, code: object) -> Iterator[str]:
    if isinstance(code, str):
        yield f"={code}"
        yield f"={system}|{code}"
    if system:
        yield f"={system}|"


def _reference_terms(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield f">{local_key(value) or value}"
    elif isinstance(value, Mapping):
        reference = value.get("reference")
        if isinstance(reference, str):
            yield f">{local_key(reference) or reference}"
        identifier = value.get("identifier")
        if isinstance(identifier, Mapping) and isinstance(identifier.get("value"), str):
            yield f">:{identifier.get('system', '')}|{identifier['value']}"


def _span(value: Any) -> Iterator[tuple[datetime, datetime]]:
    if isinstance(value, str):
        yield span_of(value)
    elif isinstance(value, Mapping) and (value.get("start") or value.get("end")):
        yield span_of_period(value)
