"""Filters of a subscription."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.filters import Filter, FilterRefused, all_of, read_filter
from services.notify.domain.topics import PLAN_CHANGED
from tests.notify.domain.made import record_event

IDS = st.from_regex(r"[A-Za-z0-9.-]{1,20}", fullmatch=True)


@given(st.lists(IDS, min_size=1, max_size=5), IDS)
def test_only_events_of_the_persons_named_come_through(named: list[str], other: str) -> None:
    read = read_filter("CarePlan?patient=" + ",".join(f"Patient/{one}" for one in named), PLAN_CHANGED)

    assert all(read.lets_through(record_event(person=f"Patient/{one}")) for one in named)
    assert read.lets_through(record_event(person=f"Patient/{other}")) == (other in named)


def test_only_events_about_the_type_named_come_through() -> None:
    read = read_filter("Task?patient=Patient/p1", PLAN_CHANGED)

    assert read.lets_through(record_event(focus="Task/t1"))
    assert not read.lets_through(record_event(focus="CarePlan/c1"))


def test_an_event_about_nobody_meets_no_filter_by_person() -> None:
    assert not read_filter("CarePlan?patient=p1", PLAN_CHANGED).lets_through(record_event(person=None))


def test_several_filters_must_all_be_met() -> None:
    both = all_of(
        [
            read_filter("CarePlan?patient=Patient/p1,Patient/p2", PLAN_CHANGED),
            read_filter("CarePlan?patient=Patient/p2,Patient/p3", PLAN_CHANGED),
        ]
    )

    assert both == Filter(frozenset({"CarePlan"}), frozenset({"Patient/p2"}))


def test_no_filter_lets_everything_through() -> None:
    assert all_of([]).lets_through(record_event(person=None))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CarePlan",
        "CarePlan?",
        "?patient=Patient/1",
        "Observation?patient=Patient/1",
        "CarePlan?status=active",
        "CarePlan?patient",
        "CarePlan?patient=",
        "CarePlan?patient=Patient/1,",
        "CarePlan?patient=Practitioner/1",
        "CarePlan?patient=Patient/1&status=active",
        "CarePlan?patient:missing=true",
        "CarePlan?patient=Patient/1 or 1",
        "CarePlan?patient=$ne",
        "careplan?patient=Patient/1",
        "CarePlan?patient=" + ",".join(["p"] * 500),
    ],
)
def test_a_filter_that_is_not_supported_is_refused(text: str) -> None:
    with pytest.raises(FilterRefused):
        read_filter(text, PLAN_CHANGED)
