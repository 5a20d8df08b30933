"""The team of a plan: memberships begin and end, and stay on record."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sip.domain.care.county import ASSISTANT_NURSE, DOCTOR, HOME_CARE, HOME_NURSING, NURSE
from tests.sip.domain.care.scenarios import (
    DAUGHTER,
    PERSON,
    PLAN,
    TEAM,
    Record,
    Resource,
    a_plan_ready_to_activate,
    a_team_of,
    an_active_plan,
    changed,
    judged,
    rules,
    to,
)

JANUARY, FEBRUARY, JUNE = "2026-01-10", "2026-02-01", "2026-06-01"


def member(key: str, start: str | None = JANUARY, end: str | None = None) -> Resource:
    period = {name: value for name, value in (("start", start), ("end", end)) if value}
    return {"member": to(key)} | ({"period": period} if period else {})


def with_team(*participants: Resource) -> Record:
    record = an_active_plan()
    record[TEAM]["participant"] = [member(NURSE), *participants]
    return record


def team(record: Record, *participants: Resource, **content: Any) -> Resource:
    return changed(record, TEAM, participant=[member(NURSE), *participants], **content)


def test_a_member_joins() -> None:
    record = with_team()

    assert judged(record, team(record, member(DOCTOR, "2026-03-02"))) == []


def test_a_membership_ends_and_stays_on_record() -> None:
    record = with_team(member(DOCTOR))

    assert judged(record, team(record, member(DOCTOR, end="2026-03-02T09:00:00Z"))) == []


def test_a_membership_is_not_removed() -> None:
    record = with_team(member(DOCTOR))

    [found] = judged(record, team(record))

    assert (found.rule, found.where) == ("team-history", "CareTeam.participant")
    assert DOCTOR in found.text


@pytest.mark.parametrize("end", [None, JUNE, "2026-01-20"])
def test_a_membership_that_has_ended_stays_as_it_ended(end: str | None) -> None:
    record = with_team(member(DOCTOR, end=FEBRUARY))

    assert rules(judged(record, team(record, member(DOCTOR, end=end)))) == ["team-history"]


def test_who_has_left_joins_again_as_a_new_member() -> None:
    record = with_team(member(DOCTOR, end=FEBRUARY))

    assert judged(record, team(record, member(DOCTOR, end=FEBRUARY), member(DOCTOR, "2026-03-02"))) == []


def test_when_somebody_joined_is_not_rewritten() -> None:
    record = with_team(member(DOCTOR))

    assert rules(judged(record, team(record, member(DOCTOR, FEBRUARY)))) == ["team-history"]


def test_a_membership_to_come_may_still_be_changed() -> None:
    record = with_team(member(DOCTOR, JUNE))

    assert judged(record, team(record)) == []


def test_a_planned_end_may_be_moved_until_it_has_been() -> None:
    record = with_team(member(DOCTOR, end=JUNE))

    assert judged(record, team(record, member(DOCTOR, end="2026-04-01"))) == []


def test_a_membership_does_not_end_before_it_begins() -> None:
    record = with_team()

    [found] = judged(record, team(record, member(DOCTOR, FEBRUARY, JANUARY)))

    assert (found.rule, found.where) == ("team-period-reversed", "CareTeam.participant[1].period")


@pytest.mark.parametrize("key", [HOME_CARE, ASSISTANT_NURSE, DAUGHTER, PERSON])
def test_units_staff_relatives_and_the_person_may_be_members(key: str) -> None:
    record = with_team()

    assert judged(record, team(record, member(key, "2026-03-02"))) == []


@pytest.mark.parametrize("key", ["Practitioner/doctor", "PractitionerRole/nobody", "Organization/nowhere"])
def test_a_member_behind_whom_no_unit_is_known_is_refused(key: str) -> None:
    record = with_team()

    [found] = judged(record, team(record, member(key)))

    assert (found.rule, found.where, found.basis) == (
        "team-member-without-unit",
        "CareTeam.participant[1].member",
        "PDL 4 kap. 1 §",
    )


@pytest.mark.parametrize("status", ["draft", "active", "on-hold"])
def test_a_team_may_not_shut_out_the_unit_that_answers_over_all(status: str) -> None:
    record = with_team(member(DOCTOR))
    record[PLAN]["status"] = status
    ended = changed(record, TEAM, participant=[member(NURSE, end=FEBRUARY), member(DOCTOR)])

    [found] = judged(record, ended)

    assert (found.rule, found.where) == ("team-without-author", "CareTeam.participant")
    assert HOME_NURSING in found.text


def test_who_is_to_leave_is_still_a_member() -> None:
    record = with_team()

    assert judged(record, changed(record, TEAM, participant=[member(NURSE, end=JUNE)])) == []


def test_a_colleague_of_the_author_keeps_the_unit_in() -> None:
    record = with_team(member(HOME_NURSING))

    assert (
        judged(record, changed(record, TEAM, participant=[member(NURSE, end=FEBRUARY), member(HOME_NURSING)]))
        == []
    )


def test_a_team_is_not_put_away_while_its_plan_lives() -> None:
    record = with_team()

    assert rules(judged(record, changed(record, TEAM, status="inactive"))) == ["team-without-author"]


def test_the_team_of_an_ended_plan_may_dissolve() -> None:
    record = with_team()
    record[PLAN]["status"] = "completed"

    assert judged(record, changed(record, TEAM, status="inactive")) == []


def test_a_plan_and_its_team_come_together_in_any_order() -> None:
    record = a_plan_ready_to_activate()
    new = {key: record[key] for key in (PLAN, TEAM)}
    there = {key: one for key, one in record.items() if key not in new}

    assert judged(there, new[PLAN], new[TEAM]) == judged(there, new[TEAM], new[PLAN]) == []


def test_a_new_plan_with_a_team_of_others_is_refused() -> None:
    record = a_plan_ready_to_activate()
    record[TEAM] = a_team_of(DOCTOR)
    plan = record.pop(PLAN)

    assert rules(judged(record, plan)) == ["team-without-author"]


def test_a_team_that_was_put_away_does_not_come_back() -> None:
    record = with_team()
    record[TEAM]["status"] = "inactive"

    assert rules(judged(record, changed(record, TEAM, status="active"))) == ["team-status"]


def test_a_team_of_another_category_is_stored_as_what_it_is() -> None:
    record = an_active_plan()
    record["CareTeam/ward"] = {
        "resourceType": "CareTeam",
        "id": "ward",
        "subject": to(PERSON),
        "status": "active",
    }

    assert judged(record, changed(record, "CareTeam/ward", participant=[member("Practitioner/doctor")])) == []


def test_a_plans_team_does_not_escape_its_rules_by_changing_category() -> None:
    record = with_team(member(DOCTOR))

    assert rules(judged(record, team(record, category=[{"text": "annat"}]))) == ["team-history"]


edits = st.lists(
    st.tuples(st.sampled_from([DOCTOR, ASSISTANT_NURSE]), st.sampled_from(["join", "end", "drop", "reopen"]))
)


@given(edits)
def test_whatever_is_tried_no_membership_that_has_been_is_lost_or_altered(
    tried: list[tuple[str, str]],
) -> None:
    record, seen = with_team(), set[tuple[str, str, str]]()
    for day, (key, what) in enumerate(tried, start=1):
        participants = [dict(one) for one in record[TEAM]["participant"]]
        mine = [one for one in participants if one["member"] == to(key)]
        if what == "join":
            participants.append(member(key, f"2026-02-{day % 28 + 1:02}"))
        elif mine and what == "end":
            mine[-1]["period"] = {**mine[-1]["period"], "end": mine[-1]["period"].get("end", "2026-02-28")}
        elif mine and what == "drop":
            participants.remove(mine[-1])
        elif mine:
            mine[-1]["period"] = {"start": mine[-1]["period"]["start"]}
        proposed = changed(record, TEAM, participant=participants)
        if not judged(record, proposed):
            record[TEAM] = proposed
            now_ended = {
                (one["member"]["reference"], one["period"]["start"], one["period"]["end"])
                for one in participants
                if "end" in one["period"]
            }
            assert seen <= now_ended
            seen = now_ended
