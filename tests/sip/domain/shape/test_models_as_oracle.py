"""What the models of fhir.resources refuse is refused here too, whatever is done to a good resource."""

import copy
import json
from typing import Any

import orjson
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.sip.domain.shape import shape_issues
from services.sip.domain.shape.definitions import definition, type_names
from tests.sip.domain.shape.samples import node_in, node_of, resource_with, value_of

TYPES = sorted(set(type_names()) - {"Element", "BackboneElement", "Resource", "DomainResource"})
STRANGE_VALUES: list[Any] = [
    *(None, True, False, 0, 1, -1, 1.5, 3.0, 2**31, 2**63, 1e300, 1e-7),
    *(
        "",
        " ",
        "x",
        "banana",
        "1",
        "true",
        "a" * 70,
        "\x01",
        "\u00a0",
        "åäö",
        "<div>x</div>",
        "a b",
        "=",
        "AAA",
        "A===",
    ),
    *("2024-02-31", "2023-02-29", "2024-02-29", "2024-13", "24:00:00", "0000", "2024-01-01T00:00:00"),
    *(
        "2024-01-01T25:00:00Z",
        "2024-01-01T00:00:60Z",
        "2024-01-01T00:00:00.123456789012Z",
        "2024-01-01T00:00:00+15:00",
    ),
    *(
        "Patient/1",
        "#x",
        "?a",
        "::",
        "http://[",
        "http://x y",
        "http://a:99999/",
        "urn:uuid:zz",
        "mailto:",
        "http:",
    ),
    *([], {}, [None], [{}], [[]], ["x"], [1], {"id": "a"}, {"extension": []}, {"a": 1}, {"url": "urn:x"}),
]
STRANGE = st.sampled_from(STRANGE_VALUES).map(copy.deepcopy)
BESIDE: list[Any] = [{"id": "e"}, {"extension": [{"url": "urn:x", "valueCode": "x"}]}, None, [], {}]
NAMES = st.sampled_from(
    ["foo", "id", "extension", "valueString", "text", "fhir_comments", "resourceType", "resource_type"]
)


@st.composite
def good_resources(draw: st.DrawFn) -> dict[str, Any]:
    """A resource that holds a node of any type, with some of its elements."""
    name = draw(st.sampled_from(TYPES))
    elements = sorted(definition(name).elements.values(), key=lambda one: one.name)
    chosen = draw(st.lists(st.sampled_from(elements), max_size=4))
    resource = resource_with(name, node_of(name))
    for element in chosen:
        if (name, element.name) != ("Reference", "reference"):
            node_in(resource, name)[element.name] = value_of(element)
    return copy.deepcopy(resource)


def places(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The ways to every value in a resource but its type."""
    steps: list[tuple[str | int, Any]] = []
    if isinstance(node, dict):
        steps = [(name, value) for name, value in node.items() if name != "resourceType"]
    elif isinstance(node, list):
        steps = list(enumerate(node))
    return [one for step, value in steps for one in [(*path, step), *places(value, (*path, step))]]


@st.composite
def changed_resources(draw: st.DrawFn) -> dict[str, Any]:
    """A good resource in which one to three things were done: deleted, retyped, emptied, moved or added."""
    resource = draw(good_resources())
    for _ in range(draw(st.integers(0, 3))):
        ways = places(resource)
        if not ways:
            break
        way = draw(st.sampled_from(ways))
        parent: Any = resource
        for step in way[:-1]:
            parent = parent[step]
        change(draw, parent, way[-1])
    whole: dict[str, Any] = json.loads(json.dumps(resource))
    return whole


def change(draw: st.DrawFn, parent: Any, step: Any) -> None:
    """Do one thing to one value."""
    value = parent[step]
    done = draw(st.sampled_from(["delete", "replace", "wrap", "unwrap", "lengthen", "add", "beside"]))
    if done == "delete":
        del parent[step]
    elif done == "wrap":
        parent[step] = [value]
    elif done == "unwrap" and isinstance(value, list) and value:
        parent[step] = value[0]
    elif done == "lengthen" and isinstance(value, str):
        parent[step] = value + draw(st.sampled_from([" ", "x", "\n", "\u00a0", "\x00"]))
    elif done == "lengthen" and isinstance(value, list):
        parent[step] = [*value, draw(STRANGE)]
    elif done == "add" and isinstance(value, dict):
        value[draw(NAMES)] = draw(STRANGE)
    elif done == "beside" and isinstance(parent, dict):
        parent[f"_{step}"] = copy.deepcopy(draw(st.sampled_from(BESIDE)))
    else:
        parent[step] = draw(STRANGE)


def models_know(resource: Any) -> bool:
    """R4 has extensions beside the value of an extension, and Meta as such a value; the models have neither."""
    if isinstance(resource, list):
        return all(models_know(one) for one in resource)
    if not isinstance(resource, dict):
        return True
    unknown = any(name.startswith("_value") or name == "valueMeta" for name in resource) and "url" in resource
    return not unknown and all(models_know(value) for value in resource.values())


@settings(max_examples=500, deadline=None)
@given(resource=changed_resources())
def test_whatever_the_models_refuse_is_refused_here_too(resource: dict[str, Any]) -> None:
    issues = shape_issues(resource)

    assert all(issue.text and issue.expression for issue in issues)
    if not issues and models_know(resource):
        try:
            get_fhir_model_class(resource["resourceType"]).model_validate_json(orjson.dumps(resource))
        except ValidationError as error:
            raise AssertionError(f"{resource} passed, but: {error}") from error
