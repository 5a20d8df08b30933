"""Who is addressed by an event."""

from datetime import timedelta

from services.notify.domain.delivery import deliveries_of
from services.notify.domain.filters import Filter
from services.notify.domain.subscription import Owner
from services.notify.domain.topics import CONTACT_CHANGED
from tests.notify.domain.made import NOW, held, record_event


def targets(*subscriptions: object, **changed: object) -> set[str]:
    rows = deliveries_of(record_event(**changed), subscriptions, {}, NOW)  # type: ignore[arg-type]
    return {row.target for row in rows}


def test_every_party_finds_it_in_its_inbox_without_asking() -> None:
    assert targets(parties=("SE1", "SE2")) == {"inbox/SE1", "inbox/SE2"}


def test_the_remainder_of_changes_fills_no_inbox() -> None:
    assert targets(type="record.changed") == set()


def test_a_subscription_to_the_topic_is_told() -> None:
    assert "Subscription/s1" in targets(held())


def test_a_subscription_to_another_topic_is_not() -> None:
    assert "Subscription/s1" not in targets(held(topic=CONTACT_CHANGED.url))


def test_a_subscription_of_a_unit_that_is_no_party_is_not() -> None:
    assert "Subscription/s1" not in targets(held(owner=Owner("SE9", "ehr")))


def test_a_subscription_whose_filter_is_not_met_is_not() -> None:
    assert "Subscription/s1" not in targets(held(filter=Filter(persons=frozenset({"Patient/other"}))))


def test_a_subscription_that_is_over_is_not() -> None:
    assert "Subscription/s1" not in targets(held(end=NOW - timedelta(seconds=1)))


def test_the_same_event_is_the_same_delivery_whenever_it_comes() -> None:
    first = deliveries_of(record_event(), [held()], {}, NOW)
    again = deliveries_of(record_event(), [held()], {}, NOW + timedelta(days=1))

    assert [row.id for row in first] == [row.id for row in again]


def test_events_of_one_person_to_one_target_share_a_lane_and_others_do_not() -> None:
    [first] = deliveries_of(record_event(), [], {}, NOW)
    [second] = deliveries_of(record_event(id="x", focus="Task/t1"), [], {}, NOW)
    [other] = deliveries_of(record_event(person="Patient/p2"), [], {}, NOW)

    assert first.lane == second.lane != other.lane
