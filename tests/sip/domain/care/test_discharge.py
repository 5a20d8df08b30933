"""Notices about a stay in hospital: a hospital's own, with their time and to whom."""

from typing import Any

import pytest

from services.sip.domain import codes
from tests.sip.domain.care.county import HOME_CARE, HOSPITAL, NURSE, WARD_NURSE, hsa_id
from tests.sip.domain.care.scenarios import PERSON, Resource, a_person, judged, rules, to


def a_notice(code: codes.Code = codes.ADMISSION_NOTICE, **content: Any) -> Resource:
    made = {
        "resourceType": "Communication", "id": "notice", "status": "completed", "subject": to(PERSON),
        "category": [code.concept()], "sent": "2026-03-02T09:00:00+01:00", "sender": to(WARD_NURSE),
        "recipient": [to(HOME_CARE)],
    }  # fmt: skip
    return {name: value for name, value in (made | content).items() if value is not None}


@pytest.mark.parametrize("code", codes.DISCHARGE_NOTICES)
def test_a_hospital_gives_notice(code: codes.Code) -> None:
    assert judged(a_person(), a_notice(code), actor=hsa_id(HOSPITAL)) == []


@pytest.mark.parametrize("sender", [NURSE, "PractitionerRole/nobody", None])
def test_nobody_but_a_hospital_gives_such_a_notice(sender: str | None) -> None:
    found = judged(a_person(), a_notice(sender=to(sender) if sender else None))

    assert rules(found) == ["discharge-notice-sender"]


def test_nobody_gives_notice_in_a_hospitals_name() -> None:
    assert rules(judged(a_person(), a_notice(), actor=hsa_id(HOME_CARE))) == ["discharge-notice-sender"]


@pytest.mark.parametrize("name", ["sent", "recipient"])
def test_a_notice_says_when_and_to_whom(name: str) -> None:
    assert rules(judged(a_person(), a_notice(codes.ADMISSION_NOTICE, **{name: None}))) == [
        "discharge-notice-incomplete"
    ]


def test_a_message_does_not_become_a_notice() -> None:
    record = a_person() | {"Communication/notice": a_notice(codes.MESSAGE)}

    assert rules(judged(record, a_notice())) == ["discharge-notice-new"]


def test_any_other_message_is_stored_as_it_is() -> None:
    assert judged(a_person(), a_notice(codes.MESSAGE, sender=None, sent=None)) == []
