"""What time alone brings: when each moment of a resource comes, and what makes it moot."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.sip.domain import codes
from services.sip.domain.care.moments_told import happened, moments_of, next_moment

Resource = dict[str, Any]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def a_task(code: codes.Code, end: str, status: str = "accepted") -> Resource:
    period = {"restriction": {"period": {"end": end}}}
    return {"resourceType": "Task", "status": status, "code": code.concept(), **period}


def a_message(code: codes.Code, sent: str, status: str = "completed") -> Resource:
    return {"resourceType": "Communication", "status": status, "category": [code.concept()], "sent": sent}


def a_stay(status: str = "in-progress", **period: str) -> Resource:
    return {"resourceType": "Encounter", "status": status, "class": {"code": "IMP"}, "period": period}


def a_consent(**content: Any) -> Resource:
    period = {"start": "2026-01-01", "end": "2026-06-30"}
    made = {"resourceType": "Consent", "status": "active", "category": [codes.CONSENT_SIP.concept()]}
    return made | {"provision": {"period": period}} | content


READY = a_message(codes.DISCHARGE_READY, "2026-11-02T10:30:00+01:00")


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        (a_task(codes.TASK_INTERVENTION, "2026-11-20"), [("2026-11-20T23:00", "task.overdue")]),
        (a_task(codes.TASK_INTERVENTION, "2026-11-20T12:00:00Z"), [("2026-11-20T12:00", "task.overdue")]),
        (a_task(codes.TASK_INTERVENTION, "2026-11-20", "completed"), []),
        (
            a_task(codes.TASK_FOLLOW_UP, "2026-11-20"),
            [
                ("2026-11-05T23:00", "deadline.near"),
                ("2026-11-19T23:00", "follow-up.due"),
                ("2026-11-20T23:00", "task.overdue"),
            ],
        ),
        (a_consent(), [("2026-06-16T22:00", "deadline.near"), ("2026-06-30T22:00", "deadline.passed")]),
        (a_consent(status="inactive"), []),
        (a_consent(category=[codes.CONSENT_BLOCK.concept()]), []),
        (READY, [("2026-11-04T23:00", "deadline.near"), ("2026-11-05T23:00", "deadline.passed")]),
        (a_message(codes.CALL, "2026-11-02T10:30:00+01:00"), []),
        (a_stay(start="2026-11-02T10:00:00Z"), [("2026-11-03T10:00", "deadline.passed")]),
        (a_stay("planned", start="2026-11-02T10:00:00Z"), []),
        (
            a_stay("finished", start="2026-11-02T10:00:00Z", end="2026-11-05T12:00:00Z"),
            [("2026-11-03T10:00", "deadline.passed"), ("2026-11-05T23:00", "deadline.passed")],
        ),
        ({"resourceType": "Patient"}, []),
    ],
)
def test_a_resource_has_its_moments(resource: Resource, told: list[tuple[str, str]]) -> None:
    assert [(one.at, one.type) for one in moments_of(resource)] == [(at(when), kind) for when, kind in told]


def test_the_day_the_clocks_change_is_a_day_too() -> None:
    summer = a_message(codes.DISCHARGE_READY, "2026-03-27T10:00:00+01:00")

    assert next_moment(summer) == at("2026-03-29T22:00")


def test_what_has_been_answered_is_not_told() -> None:
    now = at("2026-11-06T08:00")
    late, early = (a_message(codes.CALL, sent) for sent in ("2026-11-05T15:00:00Z", "2026-10-01T15:00:00Z"))

    assert happened(READY, [late], now) == []
    assert [one.type for one in happened(READY, [early], now)] == ["deadline.passed"]
    assert [one.type for one in happened(READY, [late | {"status": "preparation"}], now)] == [
        "deadline.passed"
    ]


def test_that_something_is_near_is_not_told_when_it_is_past() -> None:
    follow_up = a_task(codes.TASK_FOLLOW_UP, "2026-11-20")

    assert [one.type for one in happened(follow_up, [], at("2026-11-10T00:00"))] == ["deadline.near"]
    assert [one.type for one in happened(follow_up, [], at("2026-11-20T00:00"))] == ["follow-up.due"]
    assert [one.type for one in happened(follow_up, [], at("2026-12-20T00:00"))] == ["task.overdue"]


def test_after_the_last_moment_there_is_none() -> None:
    task = a_task(codes.TASK_INTERVENTION, "2026-11-20")

    assert next_moment(task, at("2026-11-20T22:59")) == at("2026-11-20T23:00")
    assert next_moment(task, at("2026-11-20T23:00")) is None
