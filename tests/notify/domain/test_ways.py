"""Ways: what is gathered, and when there is quiet."""

from datetime import UTC, datetime, time, timedelta

import pytest

from services.notify.domain.delivery import deliveries_of
from services.notify.domain.ways import QuietHours, Way, Ways, hold
from tests.notify.domain.made import NOW, record_event

NIGHT = QuietHours(time(21), time(7))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "now", "seconds"),
    [
        (NIGHT, "2026-11-02T19:59", 0),
        (NIGHT, "2026-11-02T20:00", 10 * 3600),
        (NIGHT, "2026-11-03T05:59", 60),
        (NIGHT, "2026-11-03T06:00", 0),
        (NIGHT, "2026-03-28T22:00", 7 * 3600),  # the night in which summer time begins is an hour shorter
        (QuietHours(time(12), time(13)), "2026-11-02T11:30", 1800),
        (QuietHours(time(12), time(13)), "2026-11-02T12:30", 0),
    ],
)
def test_quiet_hours_are_swedish_and_pass_midnight(hours: QuietHours, now: str, seconds: float) -> None:
    assert hours.wait(at(now)) == seconds


def test_what_is_new_is_gathered_and_then_waits_for_the_morning() -> None:
    ways = Ways("SE1", {"email": Way("email", "a@b.se", timedelta(minutes=30))}, NIGHT)

    assert hold(ways, "email", at("2026-11-02T12:00"), at("2026-11-02T12:10")) == 20 * 60
    assert hold(ways, "email", at("2026-11-02T12:00"), at("2026-11-02T12:30")) == 0
    assert hold(ways, "email", at("2026-11-02T19:00"), at("2026-11-02T21:00")) == 9 * 3600
    assert hold(ways, "sms", at("2026-11-02T19:00"), at("2026-11-02T21:00")) is None


def test_a_unit_is_told_by_the_ways_it_has_set_and_of_the_groups_it_wants() -> None:
    ways = {
        "SE1": Ways(
            "SE1", {"email": Way("email", "a@b.se"), "sms": Way("sms", "+46", groups=frozenset({"task"}))}
        )
    }

    def targets(kind: str) -> list[str]:
        return [row.target for row in deliveries_of(record_event(type=kind), [], ways, NOW)]

    assert targets("plan.activated") == ["inbox/SE1", "email/SE1"]
    assert targets("task.overdue") == ["inbox/SE1", "email/SE1", "sms/SE1"]
    assert targets("record.changed") == []
