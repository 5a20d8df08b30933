"""The person: whose number it is, and whose patient."""

from typing import Any

import pytest

from services.sip.domain import codes
from services.sip.domain.care.contact.endings import step
from tests.sip.domain.care.county import DOCTOR, SECOND_DOCTOR
from tests.sip.domain.care.scenarios import PERSON, Record, a_person, changed, judged, rules, stored, to
from tests.sip.domain.care.test_contact import EARLIER, LATER, PHYSICIAN, a_contact, why, with_contact


def practitioners(record: Record) -> list[str]:
    return [one["reference"] for one in record[PERSON].get("generalPractitioner", [])]


def at(key: str) -> dict[str, Any]:
    return {"participant": [{"role": [PHYSICIAN.concept()], "member": to(key)}]}


def test_the_general_practitioner_follows_the_fast_lakarkontakt() -> None:
    first = with_contact()
    second = stored(
        first, a_contact(LATER, start="2026-03-01", reasonCode=why("staff-left"), **at(SECOND_DOCTOR))
    )
    over = {"start": "2026-03-01", "end": "2026-03-02"}
    ended = changed(
        second, LATER, status="inactive", period=over, extension=[step("ended", "2026-03-02", "moved")]
    )
    nobody = stored(second, ended)

    assert [practitioners(one) for one in (a_person(), first, second, nobody)] == [
        [],
        [DOCTOR],
        [SECOND_DOCTOR],
        [],
    ]


@pytest.mark.parametrize("kind", [one for one in codes.FIXED_CONTACT_KINDS if one != PHYSICIAN])
def test_no_other_fixed_contact_is_a_general_practitioner(kind: codes.Code) -> None:
    assert practitioners(with_contact(kind)) == []


def test_a_contact_entered_in_error_leaves_no_practitioner_behind() -> None:
    record = with_contact()

    assert practitioners(stored(record, changed(record, EARLIER, status="entered-in-error"))) == []


def test_nobody_writes_the_general_practitioner_by_hand() -> None:
    record = with_contact()

    [found] = judged(record, changed(record, PERSON, generalPractitioner=[to(SECOND_DOCTOR)]))

    assert (found.rule, found.where) == ("general-practitioner-derived", "Patient.generalPractitioner")
    assert rules(judged({}, a_person()[PERSON] | {"generalPractitioner": [to(DOCTOR)]})) == [
        "general-practitioner-derived"
    ]


def test_a_person_is_written_back_as_read() -> None:
    record = with_contact()

    assert judged(record, changed(record, PERSON, birthDate="1940-05-02")) == []


def test_a_caller_who_leaves_the_practitioner_out_does_not_remove_it() -> None:
    record = with_contact()

    after = stored(record, changed(record, PERSON, generalPractitioner=None, gender="female"))

    assert (practitioners(after), after[PERSON]["gender"]) == ([DOCTOR], "female")


def test_a_person_as_read_may_be_written_with_the_change_of_contact() -> None:
    record = with_contact()
    later = a_contact(LATER, start="2026-03-01", reasonCode=why("staff-left"), **at(SECOND_DOCTOR))

    after = stored(record, changed(record, PERSON, gender="female"), later)

    assert (practitioners(after), after[PERSON]["gender"]) == ([SECOND_DOCTOR], "female")


def test_person_and_contact_may_come_in_one_transaction() -> None:
    after = stored({}, a_person()[PERSON], a_contact(EARLIER))

    assert practitioners(after) == [DOCTOR]


def numbered(system: str, value: str) -> dict[str, Any]:
    return a_person()[PERSON] | {"identifier": [{"system": system, "value": value}]}


@pytest.mark.parametrize(
    ("system", "value"),
    [
        (codes.PERSONNUMMER, "201701012393"),
        (codes.SAMORDNINGSNUMMER, "197010632391"),
        (codes.RESERVNUMMER, "99A1234"),
        ("https://example.org/local", "anything"),
    ],
)
def test_a_person_is_known_by_a_number_that_holds(system: str, value: str) -> None:
    assert judged({}, numbered(system, value)) == []


@pytest.mark.parametrize(
    ("system", "value"),
    [
        (codes.PERSONNUMMER, "201701012394"),
        (codes.PERSONNUMMER, "20170101-2393"),
        (codes.PERSONNUMMER, "1701012393"),
        (codes.PERSONNUMMER, ""),
        (codes.PERSONNUMMER, "197010632391"),
        (codes.SAMORDNINGSNUMMER, "201701012393"),
    ],
)
def test_a_number_that_does_not_hold_is_refused_where_it_stands(system: str, value: str) -> None:
    [found] = judged({}, numbered(system, value))

    assert (found.rule, found.where) == ("personal-number", "Patient.identifier[0].value")
    assert value not in found.text or not value
