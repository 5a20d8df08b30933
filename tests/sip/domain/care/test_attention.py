"""The work list: who is on it and why, what closes an entry, and what never makes one."""

from datetime import UTC, datetime, timedelta

import pytest

from services.sip.domain.care import events
from services.sip.domain.care.contact.attention import OPEN, is_attention
from services.sip.domain.care.contact.codes import ATTENTION
from services.sip.domain.care.contact.endings import step
from services.sip.domain.care.reading import codes_in
from tests.sip.domain.care.county import DOCTOR, DOCTOR_MERGED, HEALTH_CENTRE, PRIVATE_CENTRE, SECOND_DOCTOR
from tests.sip.domain.care.scenarios import NOW, Record, Resource, a_person, changed, judged, stored, to
from tests.sip.domain.care.test_contact import CARE, EARLIER, LATER, PHYSICIAN, a_contact, why, with_contact
from tests.sip.domain.care.test_stand_in import IN_PLACE, a_stand_in, over


def entries(record: Record) -> list[Resource]:
    return [one for one in record.values() if is_attention(one)]


def reasons(record: Record) -> list[tuple[str, str, bool]]:
    """Give reason, unit and whether it is open, of each entry."""
    return [
        (*codes_in(one["reasonCode"], ATTENTION), one["owner"]["reference"], one["status"] in OPEN)
        for one in entries(record)
    ]


def test_a_contact_that_ends_without_successor_comes_to_its_units_list() -> None:
    record = with_contact()

    after = stored(record, over(record, EARLIER, "2026-03-01", "staff-left"))

    assert reasons(after) == [("no-successor", HEALTH_CENTRE, True)]
    [entry] = entries(after)
    assert (entry["focus"], entry["executionPeriod"]) == (to(EARLIER), {"start": "2026-03-01"})
    assert judged(record, entry) == []
    assert events(None, entry) == ["attention.raised"]
    assert events(entry, entry | {"status": "accepted"}) == ["task.changed"]


@pytest.mark.parametrize("reason", ["not-needed", "persons-wish-none", "deceased"])
def test_an_end_that_says_that_nobody_is_to_follow_makes_no_entry(reason: str) -> None:
    record = with_contact()

    assert entries(stored(record, over(record, EARLIER, "2026-03-01", reason))) == []


def test_a_successor_closes_the_entry() -> None:
    record = with_contact()
    ended = stored(record, over(record, EARLIER, "2026-03-01", "staff-left"))

    after = stored(ended, a_contact(LATER, start="2026-03-01", reasonCode=why("staff-left")))

    assert reasons(after) == [("no-successor", HEALTH_CENTRE, False)]


def test_a_change_and_a_stand_in_make_no_entry() -> None:
    record = with_contact()

    assert entries(stored(record, a_contact(LATER, start="2026-03-01", reasonCode=why("moved")))) == []
    standing_in = stored(record, a_stand_in())
    assert entries(stored(standing_in, over(standing_in, IN_PLACE, "2026-03-01"))) == []


def test_ending_and_appointing_in_one_transaction_is_a_change() -> None:
    record = with_contact()
    ended = over(record, EARLIER, "2026-03-01", "staff-left")

    assert (
        entries(stored(record, ended, a_contact(LATER, start="2026-03-01", reasonCode=why("staff-left"))))
        == []
    )


def test_a_fast_vardkontakt_that_ends_while_another_is_there_comes_to_the_list_unless_that_follows() -> None:
    record = stored(with_contact(CARE), a_contact("CareTeam/other", CARE, "2025-07-01"))

    assert len(entries(stored(record, over(record, EARLIER, "2026-03-01", "staff-left")))) == 1


def changing(*holders: str, days: int = 100, reason: str = "staff-left") -> Record:
    """Give the person these holders after each other, so many days apart, the last one yesterday."""
    record = a_person()
    for number, holder in enumerate(holders):
        begun = NOW - timedelta(days=1 + days * (len(holders) - 1 - number))
        participant = [{"role": [PHYSICIAN.concept()], "member": to(holder)}]
        written = a_contact(f"CareTeam/{number}", participant=participant, start=begun.strftime("%Y-%m-%d"),
                            reasonCode=why(reason))  # fmt: skip
        record = stored(record, written, now=datetime(2026, 3, 2, 9, tzinfo=UTC))
    return record


def test_the_third_change_within_a_year_comes_to_the_new_units_list() -> None:
    assert reasons(changing(DOCTOR, SECOND_DOCTOR, DOCTOR, SECOND_DOCTOR)) == [
        ("third-change", HEALTH_CENTRE, True)
    ]
    assert entries(changing(DOCTOR, SECOND_DOCTOR, DOCTOR)) == []
    assert entries(changing(DOCTOR, SECOND_DOCTOR, DOCTOR, SECOND_DOCTOR, days=190)) == []
    assert len(entries(changing(DOCTOR, SECOND_DOCTOR, DOCTOR, SECOND_DOCTOR, DOCTOR, days=80))) == 2


def test_the_same_person_in_another_role_is_no_change() -> None:
    assert entries(changing(DOCTOR, DOCTOR_MERGED, DOCTOR, SECOND_DOCTOR, reason="unit-merged")) == []


def test_the_entry_is_about_the_unit_of_the_new_contact() -> None:
    private = "PractitionerRole/private-doctor"

    [(_, unit, _)] = reasons(changing(DOCTOR, SECOND_DOCTOR, DOCTOR, private))

    assert unit == PRIVATE_CENTRE


def test_an_entry_is_taken_and_closed_by_its_unit_alone() -> None:
    record = with_contact()
    after = stored(record, over(record, EARLIER, "2026-03-01", "staff-left"))
    [entry] = entries(after)
    key = f"Task/{entry['id']}"

    taken = changed(after, key, status="accepted")
    assert judged(after, taken, actor="SE0000000000-health-centre") == []
    assert [one.rule for one in judged(after, taken, actor="SE0000000000-home-care")] == ["task-not-theirs"]


def test_what_made_an_entry_makes_it_once() -> None:
    record = with_contact()
    ended = over(record, EARLIER, "2026-03-01", "staff-left")
    after = stored(record, ended)

    again = stored(after | {EARLIER: record[EARLIER]}, ended)

    assert len(entries(again)) == 1
    assert step("ended", "2026-03-01", "staff-left") in after[EARLIER]["extension"]
