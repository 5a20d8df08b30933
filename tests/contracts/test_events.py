"""The events' contract: what was valid once stays valid, and an independent reader understands it."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from cloudevents.core.formats.json import JSONFormat

from services.notify.api.event_schema import EventRefused, read_event
from services.notify.domain.topics import goes_to_inbox, topic_of

EVENTS = Path(__file__).parents[2] / "contracts" / "events"
EXAMPLES = sorted((EVENTS / "examples").glob("*/*.json"))
ASYNC_API: dict[str, Any] = json.loads((EVENTS / "asyncapi.json").read_text())


def example(name: str = "plan.activated") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / "examples" / "1" / f"{name}.json").read_text())
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_example_that_was_ever_published_still_passes(path: Path) -> None:
    event = read_event(json.loads(path.read_text()))

    assert event.type == path.stem


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_independent_reader_of_cloud_events_understands_every_example(path: Path) -> None:
    headers = {"content-type": "application/cloudevents+json"}
    event = from_structured_event(HTTPMessage(headers=headers, body=path.read_bytes()), JSONFormat())

    assert event.get_type() == f"se.samplan.{path.stem}"


def test_the_catalogue_and_the_examples_tell_of_the_same_events() -> None:
    told = {message["name"] for message in ASYNC_API["components"]["messages"].values()}

    assert told == {f"se.samplan.{path.stem}" for path in EXAMPLES}


def test_every_reference_in_the_catalogue_leads_somewhere() -> None:
    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            return [
                *([node["$ref"]] if "$ref" in node else []),
                *(r for v in node.values() for r in references(v)),
            ]
        return [r for v in node for r in references(v)] if isinstance(node, list) else []

    for reference in references(ASYNC_API):
        if reference.startswith("#/"):
            node: Any = ASYNC_API
            for step in reference[2:].split("/"):
                node = node[step.replace("~1", "/")]
        else:
            assert (EVENTS / reference).exists(), reference


def test_a_member_nobody_knows_yet_is_ignored() -> None:
    event = example()
    event["laterAttribute"] = "x"
    event["data"]["laterMember"] = {"deep": [1]}

    assert read_event(event).focus == event["data"]["focus"]


def test_a_type_nobody_knows_yet_is_taken_and_told_to_the_units() -> None:
    event = read_event(example() | {"type": "se.samplan.weather.changed"})

    assert topic_of(event.type) is None
    assert goes_to_inbox(event)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (["specversion"], "0.3", "specversion"),
        (["id"], "", "id"),
        (["id"], "with space", "id"),
        (["type"], "com.example.other", "type"),
        (["time"], "yesterday", "time"),
        (["time"], "2026-02-30T00:00:00Z", "time"),
        (["dataschema"], "https://samplan.example/events/record-event/2", "dataschema"),
        (["data"], "text", "data"),
        (["data", "focus"], "CarePlan", "data.focus"),
        (["data", "focus"], "CarePlan/abc\n", "data.focus"),
        (["data", "version"], 0, "data.version"),
        (["data", "version"], 2**70, "data.version"),
        (["data", "seq"], "17", "data.seq"),
        (["data", "person"], "CarePlan/abc", "data.person"),
        (["data", "parties"], ["ok", {"$ne": 1}], "data.parties[1]"),
    ],
)
def test_a_broken_event_is_refused_with_the_place(path: list[str], value: object, told: str) -> None:
    event = copy.deepcopy(example())
    holder = event
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value

    with pytest.raises(EventRefused) as refused:
        read_event(event)
    assert told in refused.value.detail


@pytest.mark.parametrize("raw", [None, 17, "text", [], {}])
def test_what_is_no_event_at_all_is_refused(raw: object) -> None:
    with pytest.raises(EventRefused):
        read_event(raw)
