"""Standing in: the contact rests while another is active, and comes back; whatever is tried, never two are active."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sip.domain.care.contact.codes import EXT_GAP, EXT_STANDS_IN_FOR
from services.sip.domain.care.contact.endings import step
from services.sip.domain.care.contact.facts import Contact, read_contact
from services.sip.domain.codes import CONTACT_CHANGE_REASON, Code
from tests.sip.domain.care.county import DOCTOR, SECOND_DOCTOR
from tests.sip.domain.care.scenarios import (
    NOW,
    PERSON,
    Record,
    Resource,
    a_person,
    changed,
    judged,
    rules,
    stored,
    surroundings,
    to,
)
from tests.sip.domain.care.test_contact import EARLIER, LATER, PHYSICIAN, a_contact, why, with_contact

IN_PLACE = "CareTeam/in-place"


def a_stand_in(
    key: str = IN_PLACE, of: str = EARLIER, holder: str = SECOND_DOCTOR, **content: Any
) -> Resource:
    steps = [
        step("stand-in", "2026-02-01", "staff-absent"),
        {"url": EXT_STANDS_IN_FOR, "valueReference": to(of)},
    ]
    participant = [{"role": [PHYSICIAN.concept()], "member": to(holder)}]
    period = {"start": "2026-02-01", "end": "2026-08-01"}
    return a_contact(key, participant=participant, period=period, extension=steps) | content


def over(record: Record, key: str, end: str, reason: str = "staff-back") -> Resource:
    was = record[key]
    steps = [*was.get("extension", ()), step("ended", end, reason)]
    return changed(record, key, status="inactive", period={**was["period"], "end": end}, extension=steps)


def test_the_contact_rests_while_somebody_stands_in_and_holds_again_afterwards() -> None:
    record = stored(with_contact(), a_stand_in())
    assert [record[key]["status"] for key in (EARLIER, IN_PLACE)] == ["suspended", "active"]
    assert "end" not in record[EARLIER]["period"]
    assert record[PERSON]["generalPractitioner"] == [to(DOCTOR)]

    back = stored(record, over(record, IN_PLACE, "2026-03-01"))
    assert [back[key]["status"] for key in (EARLIER, IN_PLACE)] == ["active", "inactive"]


def test_a_successor_ends_both_the_contact_and_who_stands_in() -> None:
    record = stored(with_contact(), a_stand_in())

    after = stored(record, a_contact(LATER, start="2026-03-01", reasonCode=why("staff-left")))

    assert [after[key]["status"] for key in (EARLIER, IN_PLACE, LATER)] == ["inactive", "inactive", "active"]
    assert {after[key]["period"]["end"] for key in (EARLIER, IN_PLACE)} == {"2026-03-01"}


def test_who_stands_in_for_a_contact_that_ends_stands_in_no_more() -> None:
    record = stored(with_contact(), a_stand_in())

    after = stored(record, over(record, EARLIER, "2026-03-01", "staff-left"))

    assert [after[key]["status"] for key in (EARLIER, IN_PLACE)] == ["inactive", "inactive"]
    assert "generalPractitioner" not in after[PERSON]


def test_a_stand_in_stands_in_for_a_contact_that_holds() -> None:
    record = with_contact()
    wrong = {
        "nobody": a_stand_in(of="CareTeam/nobody"),
        "before it began": a_stand_in(period={"start": "2025-01-01", "end": "2026-08-01"}),
        "themselves": a_stand_in(holder=DOCTOR),
    }

    for case, contact in wrong.items():
        assert "contact-stand-in" in rules(judged(record, contact)), case
    ended = stored(record, over(record, EARLIER, "2026-01-01", "staff-left"))
    assert "contact-stand-in" in rules(judged(ended, a_stand_in()))


def test_two_do_not_stand_in_at_once() -> None:
    record = stored(with_contact(), a_stand_in())

    assert "contact-two-at-once" in rules(judged(record, a_stand_in("CareTeam/second")))


def test_nobody_puts_a_contact_to_rest_without_a_stand_in() -> None:
    record = with_contact()

    assert rules(judged(record, changed(record, EARLIER, status="suspended"))) == ["contact-suspended"]


@pytest.mark.parametrize("reason", [None, "nonsense"])
def test_standing_in_says_why(reason: str | None) -> None:
    steps = [
        step("stand-in", "2026-02-01", reason),
        {"url": EXT_STANDS_IN_FOR, "valueReference": to(EARLIER)},
    ]

    assert rules(judged(with_contact(), a_stand_in(extension=steps))) == ["contact-step-reason"]


days = st.integers(0, 30).map(lambda day: (NOW - timedelta(days=day)).strftime("%Y-%m-%d"))
tries = st.lists(
    st.tuples(
        st.sampled_from(["appoint", "stand in", "end", "rest", "hold"]),
        st.integers(0, 3),
        days,
        st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(tries)
def test_whatever_is_tried_one_is_active_and_no_gap_is_unstated(
    tried: list[tuple[str, int, str, bool]],
) -> None:
    record = a_person()
    for number, (what, aim, day, stated) in enumerate(tried):
        written = _attempt(record, (what, f"CareTeam/{aim}", f"CareTeam/{number}", day), stated=stated)
        if written is not None and not judged(record, written):
            record = stored(record, written)
    _assert_whole(record)


def _attempt(record: Record, attempt: tuple[str, str, str, str], *, stated: bool) -> Resource | None:
    what, aim, fresh, day = attempt
    if what == "appoint":
        holder = [{"role": [PHYSICIAN.concept()], "member": to(DOCTOR if stated else SECOND_DOCTOR)}]
        reason = Code(CONTACT_CHANGE_REASON, "recruiting").concept()
        said = [{"url": EXT_GAP, "valueCodeableConcept": reason}] if stated else []
        return a_contact(fresh, start=day, participant=holder, reasonCode=why("other"), extension=said)
    if what == "stand in":
        return a_stand_in(fresh, aim, period={"start": day, "end": "2026-08-01"})
    if aim not in record:
        return None
    if what == "end":
        return over(record, aim, day, "staff-left")
    return changed(record, aim, status="suspended" if what == "rest" else "active")


def _assert_whole(record: Record) -> None:
    scene = surroundings(record, datetime(2026, 3, 2, 9, tzinfo=UTC))
    contacts = [read_contact(team, scene) for key, team in record.items() if key.startswith("CareTeam/")]
    assert sum(one.status == "active" for one in contacts) <= 1
    assert sum(one.status == "suspended" for one in contacts) <= 1
    resting = [one.key for one in contacts if one.status == "suspended"]
    assert resting == [one.stands_in_for for one in contacts if one.status == "active" and one.stands_in_for]
    held = sorted((one for one in contacts if one.stands_in_for is None), key=lambda one: one.start)
    for earlier, later in pairwise(held):
        assert earlier.end <= later.start
        assert earlier.end == later.start or _gap_is_stated(later)
    doctors = [to(one.holder or "") for one in held if one.status in {"active", "suspended"}]
    assert record[PERSON].get("generalPractitioner", []) == doctors


def _gap_is_stated(contact: Contact) -> bool:
    return any(one["url"] == EXT_GAP for one in contact.resource.get("extension", ()))
