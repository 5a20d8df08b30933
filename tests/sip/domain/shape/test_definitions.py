"""The facts of r4.json against the R4B models of fhir.resources, which were made from the published definitions.

The two differ only where R4B differs from R4, where the models lack a list of codes, and where R4 binds a
code to a list too long to keep, which we check by its form.
"""

import sys
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic.fields import FieldInfo

from services.sip.domain.shape.definitions import Element, definition, is_complex, type_names

# (type, element): R4B or the models name more types than R4 does.
MORE_TARGETS_IN_R4B = {
    ("DiagnosticReport", "subject"),
    ("Group.member", "entity"),
    ("Observation", "subject"),
}
ONLY_IN_R4B = {("Extension", "valueCodeableReference"), ("Extension", "valueRatioRange")}
ONLY_IN_R4 = {("Extension", "valueMeta")}
# Extensible in R4, so that other codes are allowed.
NOT_REQUIRED = {("Expression", "language")}
# Primitives the models show by name.
WRITTEN_OUT = {
    "date",
    "dateTime",
    "instant",
    "time",
    "id",
    "code",
    "oid",
    "integer",
    "positiveInt",
    "unsignedInt",
}


def fields_of(name: str) -> dict[str, FieldInfo]:
    """The elements of the model of a type, by their name in JSON."""
    root = get_fhir_model_class(name.partition(".")[0])
    model = getattr(
        sys.modules[root.__module__], "".join(part[0].upper() + part[1:] for part in name.split("."))
    )
    aliases = {field.alias or key: field for key, field in model.model_fields.items()}
    return {
        alias: field
        for alias, field in aliases.items()
        if not alias.startswith("_") and alias not in {"fhir_comments", "resource_type"}
    }


def extra_of(field: FieldInfo) -> dict[str, Any]:
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


TYPES = sorted(set(type_names()) - {"SimpleQuantity"})


def shared() -> list[tuple[str, Element, FieldInfo]]:
    """Every element that both have: the name of its type, ours, theirs."""
    return [
        (name, element, fields[element.name])
        for name in TYPES
        for fields in [fields_of(name)]
        for element in definition(name).elements.values()
        if element.name in fields
    ]


def test_a_type_has_the_elements_of_its_model() -> None:
    for name in TYPES:
        ours = {(name, one) for one in definition(name).elements} - ONLY_IN_R4
        theirs = {(name, one) for one in fields_of(name)} - ONLY_IN_R4B
        assert ours == theirs


def test_an_element_repeats_and_is_required_as_in_its_model() -> None:
    for name, element, field in shared():
        extra = extra_of(field)
        required = field.is_required() or extra.get("element_required") or extra.get("one_of_many_required")
        assert element.many is ("typing.List" in str(field.annotation)), (name, element.name)
        assert element.required is bool(required), (name, element.name)
        assert (element.group != element.name) is ("one_of_many" in extra), (name, element.name)


def test_an_element_has_the_type_of_its_model() -> None:
    for name, element, field in shared():
        shown = str(field.annotation)
        if is_complex(element.type):
            kind = {"SimpleQuantity": "Quantity"}.get(element.type, element.type)
            model = "".join(part[0].upper() + part[1:] for part in kind.split("."))
            assert f"abc.{model}Type" in shown, (name, element.name)
        elif element.type in WRITTEN_OUT:
            assert f", {element.type[0].upper()}{element.type[1:]}(" in shown, (name, element.name, shown)


def test_a_reference_leads_where_its_model_says() -> None:
    for name, element, field in shared():
        if element.type == "Reference":
            theirs = frozenset(extra_of(field).get("enum_reference_types") or ()) - {"Resource"}
            more = (name, element.name) in MORE_TARGETS_IN_R4B
            assert element.targets < theirs if more else element.targets == theirs, (name, element.name)


def test_a_code_has_the_codes_of_its_model_where_the_model_has_them() -> None:
    for name, element, field in shared():
        theirs: list[str] = extra_of(field).get("enum_values") or []
        # The models took "registered | preliminary | final | amended +" for four codes and a plus.
        whole = theirs and "+" not in theirs and not any(" " in one for one in theirs)
        if whole and (name, element.name) not in NOT_REQUIRED:
            assert set(element.codes) == set(theirs), (name, element.name)
