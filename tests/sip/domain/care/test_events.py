"""What each change tells the world."""

import re
from pathlib import Path
from typing import Any

import pytest

from services.sip.domain import codes
from services.sip.domain.care import events
from services.sip.domain.care.events import TYPES
from services.sip.domain.care.moments_told import TYPES as OF_TIME
from services.sip.domain.codes import Code
from tests.sip.domain.care.county import HOME_CARE
from tests.sip.domain.care.scenarios import (
    CONSENT,
    MEDICINE,
    PERSON,
    PLAN,
    TEAM,
    Resource,
    a_consent,
    a_plan_ready_to_activate,
    changed,
    stored,
    to,
)
from tests.sip.domain.care.test_contact import EARLIER, LATER, a_contact, why, with_contact

RECORD = a_plan_ready_to_activate()


def one(resource_type: str, **content: Any) -> Resource:
    return {"resourceType": resource_type, "id": "x", **content}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (None, "draft", "plan.drafted"),
        (None, "active", "plan.activated"),
        ("draft", "draft", "plan.revised"),
        ("draft", "active", "plan.activated"),
        ("active", "active", "plan.revised"),
        ("active", "on-hold", "plan.on-hold"),
        ("on-hold", "on-hold", "plan.revised"),
        ("on-hold", "active", "plan.activated"),
        ("active", "completed", "plan.ended"),
        ("draft", "revoked", "plan.ended"),
        ("active", "entered-in-error", "plan.ended"),
    ],
)
def test_a_plan_tells_how_it_lives(old: str | None, new: str, told: str) -> None:
    before = changed(RECORD, PLAN, status=old) if old else None

    assert events(before, changed(RECORD, PLAN, status=new)) == [told]


def test_a_plan_of_another_kind_is_a_change_of_the_record() -> None:
    assert events(None, changed(RECORD, PLAN, category=[{"text": "Vårdplan"}])) == ["record.changed"]


@pytest.mark.parametrize(
    ("before", "content", "told"),
    [
        (None, {}, "task.assigned"),
        (None, {"owner": None}, "task.changed"),
        (None, {"status": "draft"}, "task.changed"),
        (None, {"code": {"text": "Remiss"}}, "record.changed"),
        ({"status": "draft"}, {"status": "requested"}, "task.assigned"),
        ({}, {"status": "accepted"}, "task.changed"),
        ({"status": "accepted"}, {"status": "requested", "owner": to(HOME_CARE)}, "task.assigned"),
        ({"owner": None}, {}, "task.assigned"),
    ],
)
def test_a_task_tells_whom_it_is_given_to(before: Resource | None, content: Resource, told: str) -> None:
    earlier = None if before is None else changed(RECORD, MEDICINE, **before)

    assert events(earlier, changed(RECORD, MEDICINE, **content)) == [told]


@pytest.mark.parametrize(
    ("before", "content", "told"),
    [
        (None, {}, "consent.given"),
        (None, {"status": "proposed"}, "record.changed"),
        ({"status": "proposed"}, {}, "consent.given"),
        ({}, {"status": "inactive"}, "consent.withdrawn"),
        ({}, {"status": "entered-in-error"}, "consent.withdrawn"),
        ({"status": "inactive"}, {"status": "entered-in-error"}, "record.changed"),
        ({}, {"text": {"status": "empty"}}, "record.changed"),
        (
            {},
            {"provision": {"type": "permit", "period": {"start": "2026-01-10", "end": "2026-03-02"}}},
            "consent.withdrawn",
        ),
        (None, {"category": [codes.CONSENT_OBJECTION.concept()]}, "record.changed"),
        (None, {"category": [codes.CONSENT_SECRECY_WAIVER.concept()]}, "consent.given"),
    ],
)
def test_a_consent_tells_when_it_is_given_and_taken_back(
    before: Resource | None, content: Resource, told: str
) -> None:
    record = a_consent()
    earlier = None if before is None else changed(record, CONSENT, **before)

    assert events(earlier, changed(record, CONSENT, **content)) == [told]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, one("Condition"), "need.noted"),
        (one("Condition"), one("Condition"), "record.changed"),
        (None, one("Goal"), "goal.changed"),
        (one("Goal"), one("Goal"), "goal.changed"),
        (None, one("Appointment"), "meeting.planned"),
        (one("Appointment", start="a"), one("Appointment", start="b"), "meeting.moved"),
        (one("Appointment", status="booked"), one("Appointment", status="cancelled"), "meeting.moved"),
        (one("Appointment"), one("Appointment", comment="x"), "record.changed"),
        (None, one("AppointmentResponse"), "meeting.answered"),
        (None, one("Patient"), "record.changed"),
        (None, RECORD[TEAM], "record.changed"),
        (None, one("Communication", status="completed", category=[codes.CALL.concept()]), "plan.called"),
        (
            None,
            one("Communication", status="completed", category=[codes.INVITATION.concept()]),
            "plan.called",
        ),
        (
            None,
            one("Communication", status="completed", category=[codes.MESSAGE.concept()]),
            "record.changed",
        ),
        (
            None,
            one("Communication", status="completed", category=[codes.ADMISSION_NOTICE.concept()]),
            "discharge.admitted",
        ),
        (
            None,
            one("Communication", status="preparation", category=[codes.DISCHARGE_READY.concept()]),
            "record.changed",
        ),
        (None, one("Communication", status="preparation", category=[codes.CALL.concept()]), "record.changed"),
        (
            one("Communication", status="completed", category=[codes.CALL.concept()]),
            one("Communication", status="completed", category=[codes.CALL.concept()]),
            "record.changed",
        ),
        (
            None,
            one(
                "QuestionnaireResponse",
                status="completed",
                questionnaire=codes.QUESTIONNAIRE_FOLLOW_UP + "|1",
            ),
            "follow-up.noted",
        ),
        (None, one("QuestionnaireResponse", status="completed"), "record.changed"),
        (
            None,
            one("QuestionnaireResponse", status="in-progress", questionnaire=codes.QUESTIONNAIRE_FOLLOW_UP),
            "record.changed",
        ),
    ],
)
def test_each_other_change_has_its_word(before: Resource | None, after: Resource, told: str) -> None:
    assert events(before, after) == [told]


def test_a_change_of_contact_tells_of_the_new_and_of_the_ended_one() -> None:
    record = with_contact()
    later = a_contact(LATER, start="2026-03-01", reasonCode=why("staff-left"))
    after = stored(record, later)

    assert events(None, record[EARLIER]) == ["contact.appointed"]
    assert events(None, later) == ["contact.changed"]
    assert events(record[EARLIER], after[EARLIER]) == ["contact.ended"]
    assert events(record[PERSON], after[PERSON]) == ["record.changed"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("proposed", "active", "contact.appointed"),
        ("active", "active", "contact.changed"),
        ("active", "entered-in-error", "contact.ended"),
        ("proposed", "inactive", "record.changed"),
        ("inactive", "entered-in-error", "record.changed"),
        (None, "proposed", "record.changed"),
        (None, "inactive", "record.changed"),
    ],
)
def test_a_contact_tells_when_it_holds(old: str | None, new: str, told: str) -> None:
    before = a_contact(EARLIER, status=old) if old else None

    assert events(before, a_contact(EARLIER, status=new)) == [told]


def test_every_event_told_is_in_the_catalogue() -> None:
    plans = [changed(RECORD, PLAN, status=status) for status in ("draft", "active", "on-hold", "completed")]

    assert {told for plan in plans for told in events(None, plan)} <= set(TYPES)
    assert len(set(TYPES)) == len(TYPES)


def test_the_catalogue_is_the_one_that_subscribers_read() -> None:
    asyncapi = (Path(__file__).parents[4] / "contracts/events/asyncapi.json").read_text(encoding="utf-8")

    assert set(re.findall(r"se\.samplan\.([a-z-]+\.[a-z-]+)", asyncapi)) == {*TYPES, *OF_TIME}


def test_a_code_of_another_system_is_not_ours() -> None:
    other = Code("https://example.org", "call").concept()

    assert events(None, one("Communication", status="completed", category=[other])) == ["record.changed"]
