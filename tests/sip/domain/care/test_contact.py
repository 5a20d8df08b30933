"""Fixed contacts: who may be one, how one follows another, and that a person never has two where there is one."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sip.domain import codes
from services.sip.domain.care import AgreedPractice, consequences
from services.sip.domain.care.contact.endings import step
from services.sip.domain.care.contact.facts import read_contact
from services.sip.domain.codes import Code
from tests.sip.domain.care.county import ASSISTANT_NURSE, CARE_MANAGER, DOCTOR, NURSE, SECOND_DOCTOR
from tests.sip.domain.care.scenarios import (
    NOW,
    PERSON,
    Record,
    Resource,
    a_person,
    changed,
    judged,
    of,
    rules,
    stored,
    surroundings,
    to,
)

CARE, PHYSICIAN, HOME, COORDINATOR = codes.FIXED_CONTACT_KINDS
HOLDERS = {CARE: NURSE, PHYSICIAN: DOCTOR, HOME: ASSISTANT_NURSE, COORDINATOR: NURSE}
ONE_OF_EACH = [PHYSICIAN, HOME, COORDINATOR]
EARLIER, LATER = "CareTeam/earlier", "CareTeam/later"


def why(code: str) -> list[Resource]:
    return [Code(codes.CONTACT_CHANGE_REASON, code).concept()]


def a_contact(key: str, kind: Code = PHYSICIAN, start: str | None = "2025-06-01", **content: Any) -> Resource:
    participant = {"role": [kind.concept()], "member": to(HOLDERS[kind])}
    contact = of(
        key,
        status="active",
        category=[codes.FIXED_CONTACT.concept()],
        subject=to(PERSON),
        participant=[participant],
        period={"start": start} if start else {},
    )
    return contact[key] | content


def with_contact(kind: Code = PHYSICIAN, **content: Any) -> Record:
    return stored(a_person(), a_contact(EARLIER, kind, **content))


@pytest.mark.parametrize("kind", codes.FIXED_CONTACT_KINDS)
def test_a_first_contact_is_appointed_without_a_reason(kind: Code) -> None:
    assert judged(a_person(), a_contact(EARLIER, kind)) == []


def test_only_an_underskoterska_is_fast_omsorgskontakt() -> None:
    participant = {"role": [HOME.concept()], "member": to(CARE_MANAGER)}

    [found] = judged(a_person(), a_contact(EARLIER, HOME, participant=[participant]))

    assert (found.rule, found.basis) == ("contact-assistant-nurse", "SoL 25 kap. 4 §")
    assert CARE_MANAGER in found.text


def test_a_doctor_is_fast_lakarkontakt_where_that_is_agreed() -> None:
    nurse = a_contact(EARLIER, participant=[{"role": [PHYSICIAN.concept()], "member": to(NURSE)}])

    [found] = judged(a_person(), nurse)

    assert (found.rule, found.basis) == (
        "contact-doctor",
        "agreed practice: setting doctor_contact_is_doctor",
    )
    assert judged(a_person(), nurse, agreed=AgreedPractice(doctor_contact_is_doctor=False)) == []


def test_a_contact_of_the_past_is_noted_whatever_title_was_held() -> None:
    participant = {"role": [HOME.concept()], "member": to(CARE_MANAGER)}
    past = {"start": "2019-01-01", "end": "2020-01-01"}

    contact = a_contact(EARLIER, HOME, participant=[participant], status="inactive", period=past)

    assert judged(a_person(), contact) == []


@pytest.mark.parametrize("number", [0, 2])
def test_a_fixed_contact_is_exactly_one_person(number: int) -> None:
    participants = a_contact(EARLIER)["participant"] * number

    assert "contact-one-holder" in rules(judged(a_person(), a_contact(EARLIER, participant=participants)))


@pytest.mark.parametrize("member", [None, to("PractitionerRole/nobody"), to("Organization/health-centre")])
def test_a_fixed_contact_is_a_named_person_at_a_unit(member: Resource | None) -> None:
    participant = {"role": [CARE.concept()]} | ({"member": member} if member else {})

    assert rules(judged(a_person(), a_contact(EARLIER, CARE, participant=[participant]))) == [
        "contact-holder-unknown"
    ]


@pytest.mark.parametrize(
    "roles", [[], [Code(CARE.system, "9").concept()], [CARE.concept(), PHYSICIAN.concept()]]
)
def test_a_fixed_contact_is_of_one_known_kind(roles: list[Resource]) -> None:
    contact = a_contact(EARLIER, participant=[{"role": roles, "member": to(DOCTOR)}])

    assert rules(judged(a_person(), contact)) == ["contact-kind"]


@pytest.mark.parametrize(
    ("content", "why_not"),
    [
        ({"period": {}}, "no start"),
        ({"period": {"start": "2025-06-01", "end": "2025-05-01"}, "status": "inactive"}, "before its start"),
        ({"period": {"start": "2026-03-03"}}, "start to come"),
        ({"period": {"start": "2025-06-01", "end": "2026-03-01"}}, "end that has passed"),
        ({"period": {"start": "2025-06-01"}, "status": "inactive"}, "without an end"),
        ({"period": {"start": "2025-06-01", "end": "2026-04-01"}, "status": "inactive"}, "time to come"),
    ],
)
def test_a_contact_holds_from_when_to_when_it_says(content: dict[str, Any], why_not: str) -> None:
    [found] = judged(a_person(), a_contact(EARLIER, **content))

    assert (found.rule, found.where) == ("contact-period", "CareTeam.period")
    assert why_not in found.text


def test_a_contact_to_come_is_proposed_and_holds_only_when_it_begins() -> None:
    record = with_contact()
    coming = a_contact(LATER, status="proposed", start="2026-05-01", reasonCode=why("staff-left"))

    after = stored(record, coming)

    assert after[EARLIER] == record[EARLIER]
    assert rules(judged(after, changed(after, LATER, status="active"))) == ["contact-period"]
    begun = stored(after, changed(after, LATER, status="active"), now=datetime(2026, 5, 1, 6, tzinfo=UTC))
    assert (begun[EARLIER]["status"], begun[EARLIER]["period"]["end"]) == ("inactive", "2026-05-01")


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_a_new_contact_ends_the_earlier_one_the_same_moment(kind: Code) -> None:
    record = with_contact(kind)
    moment = "2026-03-02T08:30:00+01:00"

    after = stored(record, a_contact(LATER, kind, moment, reasonCode=why("staff-left")))

    assert after[EARLIER] == record[EARLIER] | {
        "status": "inactive",
        "period": {"start": "2025-06-01", "end": moment},
        "extension": [step("ended", moment, "staff-left")],
    }
    assert after[LATER]["status"] == "active"


def test_several_fasta_vardkontakter_may_stand_beside_each_other() -> None:
    record = with_contact(CARE)

    after = stored(record, a_contact(LATER, CARE, "2026-03-01"))

    assert (after[EARLIER]["status"], after[LATER]["status"]) == ("active", "active")


def test_several_may_coordinate_where_that_is_agreed() -> None:
    record = with_contact(COORDINATOR)
    second = a_contact(LATER, COORDINATOR, "2025-05-01")
    several = AgreedPractice(one_coordinating_contact=False)

    assert judged(record, second, agreed=several) == []
    assert consequences(None, second, surroundings(record | {LATER: second}, agreed=several)) == []


@pytest.mark.parametrize("kind", ONE_OF_EACH)
@pytest.mark.parametrize("reason", [None, why("first"), why("because"), [{"text": "byte"}]])
def test_a_change_of_contact_says_why(kind: Code, reason: list[Resource] | None) -> None:
    record = with_contact(kind)
    later = {
        k: v for k, v in a_contact(LATER, kind, "2026-03-01", reasonCode=reason).items() if v is not None
    }

    [found] = judged(record, later)

    assert (found.rule, found.basis) == (
        "contact-change-reason",
        "agreed practice: setting contact_reason_required",
    )
    assert EARLIER in found.text


def test_a_change_made_in_two_steps_of_one_transaction_says_why_as_well() -> None:
    record = with_contact()
    ended = changed(record, EARLIER, status="inactive", period={"start": "2025-06-01", "end": "2026-03-01"})

    assert rules(judged(record, ended, a_contact(LATER, start="2026-03-01"))) == ["contact-change-reason"]
    assert judged(record, ended, a_contact(LATER, start="2026-03-01", reasonCode=why("moved"))) == []


@pytest.mark.parametrize(
    ("kind", "basis"),
    [
        (PHYSICIAN, "HSL 7 kap. 3 §; HSL 7 kap. 3 a §"),
        (HOME, "SoL 10 kap. 7 §"),
        (COORDINATOR, "agreed practice: setting one_coordinating_contact"),
    ],
)
@pytest.mark.parametrize("start", ["2025-06-01", "2025-05-01"])
def test_a_new_contact_does_not_begin_before_the_one_it_follows(kind: Code, basis: str, start: str) -> None:
    record = with_contact(kind)

    [found] = [
        one
        for one in judged(record, a_contact(LATER, kind, start, reasonCode=why("moved")))
        if one.rule != "contact-change-reason"
    ]

    assert (found.rule, found.basis) == ("contact-two-at-once", basis)
    assert EARLIER in found.text


def test_two_new_contacts_of_a_kind_in_one_transaction_are_refused() -> None:
    record = with_contact()
    second = a_contact("CareTeam/second", start="2026-03-01", reasonCode=why("moved"))
    participant = {"role": [PHYSICIAN.concept()], "member": to(SECOND_DOCTOR)}
    third = a_contact(
        "CareTeam/third", start="2026-03-01", reasonCode=why("moved"), participant=[participant]
    )

    assert "contact-two-at-once" in rules(judged(record, second, third))
    later = third | {"period": {"start": "2026-03-02"}}
    assert "contact-two-at-once" in rules(judged(record, second, later))


def test_a_new_contact_does_not_reach_back_into_the_time_of_one_that_ended() -> None:
    record = with_contact(status="inactive", period={"start": "2025-01-01", "end": "2025-06-02"})

    assert rules(judged(record, a_contact(LATER, start="2025-06-01"))) == ["contact-two-at-once"]
    assert "contact-two-at-once" not in rules(judged(record, a_contact(LATER, start="2025-06-03")))


def test_a_contact_noted_afterwards_does_not_overlap_another() -> None:
    record = with_contact()
    past = a_contact(LATER, status="inactive", period={"start": "2025-01-01", "end": "2025-06-02"})

    assert rules(judged(record, past)) == ["contact-two-at-once"]
    assert judged(record, past | {"period": {"start": "2025-01-01", "end": "2025-06-01"}}) == []


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"participant": [{"role": [CARE.concept()], "member": to(DOCTOR)}]}, "CareTeam.participant[0].role"),
        (
            {"participant": [{"role": [PHYSICIAN.concept()], "member": to(SECOND_DOCTOR)}]},
            "CareTeam.participant[0].member",
        ),
        ({"period": {"start": "2025-01-01"}}, "CareTeam.period.start"),
    ],
)
def test_another_holder_kind_or_start_is_another_contact(content: dict[str, Any], where: str) -> None:
    record = with_contact()

    [found] = judged(record, changed(record, EARLIER, **content))

    assert (found.rule, found.where) == ("contact-changed-in-place", where)


def test_how_to_reach_a_contact_may_change() -> None:
    record = with_contact()

    after = stored(record, changed(record, EARLIER, telecom=[{"system": "phone", "value": "0321-00 00 00"}]))

    assert after[EARLIER]["status"] == "active"


@pytest.mark.parametrize("status", ["active", "proposed", "suspended"])
def test_an_ended_contact_stays_ended(status: str) -> None:
    record = with_contact()
    record[EARLIER] |= {"status": "inactive", "period": {"start": "2025-06-01", "end": "2026-01-01"}}

    assert "contact-status" in rules(judged(record, changed(record, EARLIER, status=status)))


def test_a_fixed_contact_and_a_team_do_not_become_each_other() -> None:
    record = with_contact()

    team = changed(record, EARLIER, category=[codes.PLAN_TEAM.concept()])

    assert "contact-category-changed" in rules(judged(record, team))
    assert "contact-category-changed" in rules(judged(record | {EARLIER: team}, record[EARLIER]))


def test_an_end_that_was_earlier_already_is_kept() -> None:
    record = with_contact(period={"start": "2025-06-01", "end": "2026-03-10"})
    in_april = datetime(2026, 4, 1, 12, tzinfo=UTC)

    after = stored(record, a_contact(LATER, start="2026-04-01", reasonCode=why("staff-left")), now=in_april)

    assert (after[EARLIER]["status"], after[EARLIER]["period"]["end"]) == ("inactive", "2026-03-10")


def test_the_period_of_the_one_participant_ends_too_where_it_has_one() -> None:
    participant = {"role": [PHYSICIAN.concept()], "member": to(DOCTOR), "period": {"start": "2025-06-01"}}
    record = with_contact(participant=[participant])

    after = stored(record, a_contact(LATER, start="2026-03-01", reasonCode=why("staff-left")))

    assert after[EARLIER]["participant"][0]["period"]["end"] == "2026-03-01"


kinds = st.sampled_from([PHYSICIAN, PHYSICIAN, PHYSICIAN, HOME, COORDINATOR, CARE])
days = st.integers(1, 7).map(lambda day: (NOW - timedelta(days=day)).strftime("%Y-%m-%d"))
hours = st.integers(1, 50).map(lambda hour: (NOW - timedelta(hours=hour)).strftime("%Y-%m-%dT%H:00:00Z"))
moments = days | hours
statuses = st.sampled_from(["active", "inactive", "proposed", "entered-in-error"])
attempts = st.tuples(st.integers(0, 5), kinds, statuses, moments, st.none() | moments, st.booleans())


@given(st.lists(attempts, max_size=14))
def test_no_accepted_sequence_of_changes_gives_a_person_two_at_once(tried: list[tuple[Any, ...]]) -> None:
    record = a_person()
    for number, kind, status, start, end, with_reason in tried:
        key = f"CareTeam/{number}"
        period = {"start": start} | ({"end": end} if end else {})
        contact = a_contact(
            key, kind, status=status, period=period, reasonCode=why("other") if with_reason else []
        )
        if key in record and with_reason:
            contact = changed(record, key, status=status, period=record[key]["period"] | period)
        if not judged(record, contact):
            record = stored(record, contact)
        assert_one_at_a_time(record)


def assert_one_at_a_time(record: Record) -> None:
    scene = surroundings(record)
    contacts = [read_contact(team, scene) for key, team in record.items() if key.startswith("CareTeam/")]
    for kind in ONE_OF_EACH:
        alike = [one for one in contacts if one.kind == kind.code and one.status in {"active", "inactive"}]
        assert sum(one.status == "active" for one in alike) <= 1
        assert not any(one.overlaps(other) for one, other in combinations(alike, 2))
    doctors = [one.holder for one in contacts if one.kind == PHYSICIAN.code and one.status == "active"]
    assert [one["reference"] for one in record[PERSON].get("generalPractitioner", [])] == doctors
