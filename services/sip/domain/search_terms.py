"""Terms: what tokens, references, texts and uris are found by, each one string of a parameter, a mark and a text.

`status=active` and `status=http://hl7.org/fhir/request-status|active`, `owner>Organization/1`, `name~andersson`,
`code~tal`, `identifier%system|MR|7`, `owner:identifier=system|7`, `date!` for any value at all. One array of terms
needs one index, whatever the number of parameters; adding a parameter is adding a row.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from services.sip.domain.names import folded, sounding
from services.sip.domain.references import local_key
from services.sip.domain.search_params import SearchParam, Source

CODED, REFERRED, WORDED, TYPED, PRESENT, WITHHELD = "=", ">", "~", "%", "!", "?"
"""Marks: a code or exact text, a reference, a text folded for search, a typed identifier, any value at all, and
that a value is there by which the resource must not be found."""

LONGEST: Final = 2000  # characters; no value searched for is longer
LONGEST_TEXT: Final = 10_000  # characters of a text that :contains looks into
_ADDRESS: Final = re.compile(
    r"(?:^|/)([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/[A-Za-z0-9\-.]{1,64})?$"
)
_PARTS: Final = (
    *("family", "given", "prefix", "suffix"),
    *("text", "line", "city", "district", "state", "postalCode", "country"),
)


def terms_of(param: SearchParam, source: Source, value: Any) -> Iterator[str]:
    """Give the terms of one value, with mark and without the parameter's name."""
    match param.kind:
        case "token":
            yield from (CODED + form for form in token_forms(value, param.systems))
            yield from (WORDED + text for text in _texts_beside(value))
            yield from (TYPED + text for text in _typed(value))
        case "reference":
            yield from reference_terms(source, value)
        case "string":
            sound = param.name == "phonetic"
            for text in texts_in(value):
                yield WORDED + (sounding(text) if sound else folded(text))[:LONGEST_TEXT]
                if len(text) <= LONGEST:
                    yield CODED + text
        case "uri" if isinstance(value, str):
            yield from (CODED + form for form in {value, value.partition("|")[0]})


def token_forms(value: Any, systems: Iterable[str] = ()) -> Iterator[str]:
    """Give the forms that find a code, Coding, CodeableConcept, Identifier, ContactPoint, text or boolean."""
    if isinstance(value, bool):
        value = "true" if value else "false"
    if isinstance(value, str):
        yield from coded_forms("", value)
        for system in systems:
            yield from (form for form in coded_forms(system, value) if form.startswith(system))
    elif isinstance(value, Mapping):
        for coding in value.get("coding", ()):
            yield from token_forms(coding)
        code = value.get("code") or value.get("value")
        yield from coded_forms(value.get("system") or "", code if isinstance(code, str) else None)


def coded_forms(system: str, code: str | None) -> Iterator[str]:
    """Give code alone, system with code, and any code of the system."""
    if code is not None:
        yield escaped(code)
        yield f"{system}|{escaped(code)}"
    if system:
        yield f"{system}|"


def identifier_term(system: str, value: str) -> str:
    """Give the term under which what bears an identifier is found."""
    return f"identifier{CODED}{system}|{escaped(value)}"


def escaped(code: str) -> str:
    """Keep a bar in a code apart from the bar after the system."""
    return code.replace("\\", "\\\\").replace("|", "\\|") if "|" in code or "\\" in code else code


def _texts_beside(value: Any) -> Iterator[str]:
    """:text looks at CodeableConcept.text, Coding.display and Identifier.type.text."""
    if isinstance(value, Mapping):
        for coding in value.get("coding", ()):
            yield from _texts_beside(coding)
        kind = value.get("type")
        texts = (
            value.get("text"),
            value.get("display"),
            kind.get("text") if isinstance(kind, Mapping) else 0,
        )
        yield from (folded(text)[:LONGEST_TEXT] for text in texts if isinstance(text, str))


def _typed(value: Any) -> Iterator[str]:
    """:of-type looks at an Identifier's type and value together."""
    if isinstance(value, Mapping) and isinstance(value.get("type"), Mapping) and "value" in value:
        for coding in value["type"].get("coding", ()):
            if "system" in coding and "code" in coding:
                yield f"{coding['system']}|{escaped(coding['code'])}|{escaped(value['value'])}"


def reference_terms(source: Source, value: Any) -> Iterator[str]:
    """Give what a Reference, or a canonical, is found by; a version does not matter."""
    if isinstance(value, str):
        yield from (REFERRED + form for form in {value, value.partition("|")[0]})
        return
    if not isinstance(value, Mapping):
        return
    to = value.get("reference")
    if isinstance(to, str) and not to.startswith("#") and _is_of(source.refers_to, value):
        yield REFERRED + (local_key(to) or to)
    if isinstance(value.get("identifier"), Mapping) and _is_of(source.refers_to, value):
        yield from (f":identifier{CODED}{form}" for form in token_forms(value["identifier"]))


def counts(param: SearchParam, source: Source, value: Any) -> bool:
    """Say whether a value is one of the parameter's at all: references to other types are not."""
    return param.kind != "reference" or _is_of(source.refers_to, value)


def _is_of(wanted: str | None, reference: Any) -> bool:
    return wanted is None or (isinstance(reference, Mapping) and type_referred_to(reference) == wanted)


def type_referred_to(reference: Mapping[str, Any]) -> str | None:
    """Tell the type a Reference leads to: by its address, else as it says itself."""
    named = _ADDRESS.search(str(reference.get("reference", "")))
    return named[1] if named else reference.get("type")


def texts_in(value: Any) -> Iterator[str]:
    """Give the texts of a string, or of each part of a HumanName or Address."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in _PARTS:
            inside = value.get(part, ())
            yield from (one for one in ([inside] if isinstance(inside, str) else inside) if one)
