"""Whatever is left out of a resource, the rules answer; they never fail."""

from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.sip.domain.care import AgreedPractice, consequences, events, violations
from tests.sip.domain.care.scenarios import Record, an_active_plan, surroundings
from tests.sip.domain.care.test_contact import EARLIER, HOME, LATER, a_contact, why

NOTHING_AGREED = AgreedPractice(life_cycles_kept=False, contact_reason_required=False, task_roles_kept=False)


def a_full_record() -> Record:
    record = an_active_plan()
    record[EARLIER] = a_contact(EARLIER)
    record["CareTeam/home"] = a_contact(
        "CareTeam/home", HOME, status="inactive", period={"start": "2024", "end": "2025-02"}
    )
    record[LATER] = a_contact(LATER, start="2026-03-01", reasonCode=why("moved"))
    return record


def paths(node: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Give the way to every element."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [way for name, value in inner for way in ((*here, name), *paths(value, (*here, name)))]


def without(resource: dict[str, Any], way: tuple[str | int, ...]) -> dict[str, Any]:
    copy = deepcopy(resource)
    node: Any = copy
    for name in way[:-1]:
        node = node[name]
    del node[way[-1]]
    return copy


RECORD = a_full_record()
EVERYTHING = [
    (key, way) for key, resource in RECORD.items() for way in paths(resource) if way != ("resourceType",)
]
STATUSES = [
    "draft",
    "proposed",
    "requested",
    "active",
    "on-hold",
    "inactive",
    "completed",
    "entered-in-error",
    "",
]


@settings(max_examples=400)
@given(
    st.sampled_from(EVERYTHING),
    st.sampled_from(sorted(RECORD)),
    st.sampled_from(STATUSES),
    st.sampled_from([AgreedPractice(), NOTHING_AGREED]),
)
def test_no_missing_element_breaks_a_rule_itself(
    lost: tuple[str, tuple[str | int, ...]], written: str, status: str, agreed: AgreedPractice
) -> None:
    key, way = lost
    record = RECORD | {key: without(RECORD[key], way)}
    after = deepcopy(record[written]) | ({"status": status} if status else {})
    scene = surroundings(record | {written: after}, agreed=agreed, actor="SE0000000000-home-care")

    for before in (None, RECORD[written], record[written]):
        violations(before, after, scene)
        consequences(before, after, scene)
        events(before, after)


def test_every_element_of_the_record_is_left_out_once() -> None:
    for key, way in EVERYTHING:
        after = without(RECORD[key], way)
        scene = surroundings(RECORD | {key: after}, agreed=NOTHING_AGREED)
        for before in (None, RECORD[key]):
            violations(before, after, scene)
            consequences(before, after, scene)
            events(before, after)
