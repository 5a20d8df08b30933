"""Every element of every type that r4.json defines: what R4 allows is taken, each way of breaking it is not."""

from typing import Any

import orjson
import pytest
from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from services.sip.domain.shape import shape_issues
from services.sip.domain.shape.definitions import Element, definition, type_names
from services.sip.domain.shape.primitives import PRIMITIVES
from tests.sip.domain.shape.samples import node_in, node_of, resource_with, value_of, with_element

ABSTRACT = {"Element", "BackboneElement", "Resource", "DomainResource"}
TYPES = sorted(set(type_names()) - ABSTRACT)
RESOURCES = [name for name in TYPES if definition(name).is_resource]
FAMILIES = {
    "datatypes": [name for name in TYPES if name.partition(".")[0] not in RESOURCES],
    **{resource: [name for name in TYPES if name.partition(".")[0] == resource] for resource in RESOURCES},
}
of_every_type = pytest.mark.parametrize("family", FAMILIES)

# R4 allows these, R4B or its models do not.
MODELS_REFUSE = {("Extension", "valueMeta")}


def elements_of(family: str) -> list[tuple[str, Element]]:
    return [(name, element) for name in FAMILIES[family] for element in definition(name).elements.values()]


def codes_of(resource: dict[str, Any]) -> set[str]:
    return {issue.code for issue in shape_issues(resource)}


@of_every_type
def test_the_smallest_node_of_a_type_is_good(family: str) -> None:
    for name in FAMILIES[family]:
        resource = resource_with(name, node_of(name))
        assert codes_of(resource) <= {"invariant"}, name
        assert node_in(resource, name) == node_of(name)


@of_every_type
def test_every_element_is_taken_by_us_and_by_the_models(family: str) -> None:
    for name, element in elements_of(family):
        if (name, element.name) == ("Reference", "reference"):
            continue  # a text here, with a form of its own
        resource = with_element(name, element, value_of(element))
        assert codes_of(resource) <= {"invariant"}, (name, element.name)
        model = get_fhir_model_class(resource["resourceType"])
        if (name, element.name) in MODELS_REFUSE:
            with pytest.raises(ValidationError):
                model.model_validate_json(orjson.dumps(resource))
        else:
            model.model_validate_json(orjson.dumps(resource))


@of_every_type
def test_a_code_that_is_not_on_the_list_is_refused(family: str) -> None:
    for name, element in elements_of(family):
        for wrong in ("banana", element.codes[0] + "x", element.codes[0].swapcase()) if element.codes else ():
            if wrong not in element.codes:
                value = [wrong] if element.many else wrong
                assert codes_of(with_element(name, element, value)) == {"code-invalid"}, (
                    name,
                    element.name,
                    wrong,
                )


@of_every_type
def test_a_concept_that_is_not_on_a_required_list_is_refused(family: str) -> None:
    for name, element in elements_of(family):
        for system, code in element.concepts:
            good, other = {"coding": [{"system": system, "code": code}]}, {"system": "urn:x", "code": code}
            both: dict[str, Any] = {"coding": [other, *good["coding"]]}
            assert "code-invalid" not in codes_of(with_element(name, element, good))
            assert "code-invalid" not in codes_of(with_element(name, element, both))
            assert "code-invalid" in codes_of(with_element(name, element, {"coding": [other]}))
            assert "code-invalid" in codes_of(with_element(name, element, {"text": code}))


@of_every_type
def test_a_reference_leads_to_the_types_r4_names_and_to_no_other(family: str) -> None:
    for name, element in elements_of(family):
        if element.type != "Reference":
            continue
        for target in ("Patient", "Organization", "CarePlan", "Substance", "Medication", "Group", "Task"):
            reference: Any = {"reference": f"{target}/a"}
            found = codes_of(with_element(name, element, [reference] if element.many else reference))
            allowed = not element.targets or target in element.targets
            assert ("structure" not in found) is allowed, (name, element.name, target)


@of_every_type
def test_a_required_element_is_missed(family: str) -> None:
    for name, element in elements_of(family):
        if element.required:
            resource = resource_with(name, node_of(name))
            node = node_in(resource, name)
            for other in definition(name).elements.values():
                if other.group == element.group:
                    node.pop(other.name, None)
            # An object that has become empty is told to be empty, if nothing in it was required by itself.
            told = {"required"} if node or element.group == element.name else {"structure"}
            assert codes_of(resource) >= told, (name, element.name)


@of_every_type
def test_nothing_empty_is_taken(family: str) -> None:
    for name, element in elements_of(family):
        empty: list[Any] = [None, "", [], {}]
        empty += [[None], [""], [[]], [{}]] if element.many else []
        for value in empty:
            assert codes_of(with_element(name, element, value)) - {"invariant"}, (name, element.name, value)


@of_every_type
def test_what_repeats_is_a_list_and_what_does_not_is_none(family: str) -> None:
    for name, element in elements_of(family):
        good = value_of(element)
        wrong = good[0] if element.many else [good]
        assert codes_of(with_element(name, element, wrong)) & {"structure", "value", "code-invalid"}, (
            element.name
        )


@of_every_type
def test_an_object_is_no_primitive_and_a_primitive_no_object(family: str) -> None:
    for name, element in elements_of(family):
        wrong: Any = {"value": "x"} if element.type in PRIMITIVES else "x"
        assert codes_of(with_element(name, element, [wrong] if element.many else wrong)), (name, element.name)


@of_every_type
def test_no_number_or_truth_value_stands_for_a_text_and_none_of_them_for_another(family: str) -> None:
    for name, element in elements_of(family):
        if element.type not in PRIMITIVES:
            continue
        good = value_of(element)[0] if element.many else value_of(element)
        for wrong in (True, 1, 1.5, 3.0, "Text "):
            if type(wrong) is not type(good) and not (
                element.type == "decimal" and type(wrong) in {int, float}
            ):
                value = [wrong] if element.many else wrong
                assert codes_of(with_element(name, element, value)) & {"value", "code-invalid"}, (
                    element.name,
                    wrong,
                )


@of_every_type
def test_an_unknown_element_is_refused(family: str) -> None:
    for name in FAMILIES[family]:
        for unknown in ("banana", "_banana", "fhir_comments", "resource_type", "_id"):
            resource = resource_with(name, node_of(name))
            node_in(resource, name)[unknown] = "x"
            assert codes_of(resource) == {"structure"}, (name, unknown)


@of_every_type
def test_only_one_type_of_a_choice_is_taken(family: str) -> None:
    choices = [(one, choice) for one in FAMILIES[family] for choice in definition(one).choices()]
    for name, (group, _, names) in choices:
        by_name = definition(name).elements
        first, second = sorted(names)[:2]
        resource = with_element(name, by_name[first], value_of(by_name[first]))
        node_in(resource, name)[second] = value_of(by_name[second])
        told = [issue.text for issue in shape_issues(resource) if issue.code == "structure"]
        assert told == [f"{group} is given as {first} and {second}; give it as one of them."]


@of_every_type
def test_a_primitive_may_have_extensions_beside_it(family: str) -> None:
    for name, element in elements_of(family):
        if not element.has_sibling or (name, element.name) == ("Reference", "reference"):
            continue
        extension = {"extension": [{"url": "https://samplan.example/a", "valueString": "x"}]}
        resource = with_element(name, element, value_of(element))
        node = node_in(resource, name)
        for beside in (extension, {"id": "e1"}, extension | {"id": "e1"}):
            node[f"_{element.name}"] = [beside] if element.many else beside
            assert codes_of(resource) <= {"invariant"}, (name, element.name)
        wrongs: list[Any] = [{}, {"id": ""}, {"extension": []}, {"value": "x"}, None, "x"]
        for wrong in [*wrongs, {"extension": [{"url": "without-a-value"}]}]:
            node[f"_{element.name}"] = [wrong] if element.many and wrong is not None else wrong
            assert codes_of(resource), (name, element.name, wrong)


@of_every_type
def test_an_object_that_holds_nothing_but_an_id_is_refused(family: str) -> None:
    for name, element in elements_of(family):
        if element.type not in PRIMITIVES and element.type != "Resource":
            value: Any = {"id": "e1"}
            assert codes_of(with_element(name, element, [value] if element.many else value)), (
                name,
                element.name,
            )
