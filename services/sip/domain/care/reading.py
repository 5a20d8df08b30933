"""Reading what rules ask of FHIR elements: codes, references, extensions, whether a text says anything."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.sip.domain.codes import Code
from services.sip.domain.held import Resource
from services.sip.domain.references import local_key

Element = Mapping[str, Any]


def codes_in(concepts: Element | Iterable[Element] | None, system: str) -> list[str]:
    """Give every code of one system in a CodeableConcept or a list of them."""
    return [code for found, code in _codings(concepts) if found == system]


def has_code(concepts: Element | Iterable[Element] | None, wanted: Code) -> bool:
    """Tell whether a CodeableConcept, or one in a list of them, carries the code."""
    return any(found == wanted for found in _codings(concepts))


def _codings(concepts: Element | Iterable[Element] | None) -> Iterator[tuple[str, str]]:
    listed = (concepts,) if isinstance(concepts, Mapping) else concepts or ()
    for concept in listed:
        for coding in concept.get("coding", ()):
            yield coding.get("system", ""), coding.get("code", "")


def target(reference: Element | None) -> str | None:
    """Give the `Type/id` a Reference points to on this server; None where it points elsewhere or nowhere."""
    return local_key(reference.get("reference")) if reference else None


def extension(resource: Element, url: str) -> Element | None:
    """Give the first extension of that kind."""
    return next((one for one in resource.get("extension", ()) if one.get("url") == url), None)


def says_something(text: object) -> bool:
    """Tell whether a text is more than blanks."""
    return isinstance(text, str) and bool(text.strip())


def of_type(person: Mapping[str, Resource], resource_type: str) -> Iterator[tuple[str, Resource]]:
    """Give every resource of one type in a record, with its key."""
    prefix = resource_type + "/"
    return ((key, resource) for key, resource in person.items() if key.startswith(prefix))
