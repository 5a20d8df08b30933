"""Listing: a person changes unit at most twice in a year, HSL 7 kap. 3 b §."""

from itertools import cycle

from services.sip.domain.codes import CONTACT_CHANGE_REASON, Code
from tests.sip.domain.care.county import DOCTOR, DOCTOR_MERGED, PRIVATE_DOCTOR, SECOND_DOCTOR
from tests.sip.domain.care.scenarios import Record, Resource, a_person, judged, rules, stored, to
from tests.sip.domain.care.test_contact import PHYSICIAN, a_contact, why


def with_doctor(number: int, holder: str, start: str, reasons: list[Resource]) -> Resource:
    participant = [{"role": [PHYSICIAN.concept()], "member": to(holder)}]
    return a_contact(f"CareTeam/{number}", participant=participant, start=start, reasonCode=reasons)


def listed(*starts: str) -> Record:
    record = a_person()
    for number, (start, holder) in enumerate(zip(starts, cycle([DOCTOR, PRIVATE_DOCTOR]), strict=False)):
        record = stored(record, with_doctor(number, holder, start, why("persons-wish")))
    return record


def test_the_third_change_of_unit_within_a_year_is_refused() -> None:
    record = listed("2024-01-01", "2025-04-01", "2025-08-01")

    [found] = judged(record, with_doctor(9, PRIVATE_DOCTOR, "2026-03-01", why("persons-wish")))

    assert (found.rule, found.basis) == ("contact-listing-changes", "HSL 7 kap. 3 b §")


def test_after_a_year_the_person_may_change_again() -> None:
    record = listed("2024-01-01", "2025-03-01", "2025-08-01")

    assert judged(record, with_doctor(9, PRIVATE_DOCTOR, "2026-03-01", why("persons-wish"))) == []


def test_the_region_allows_more_for_special_reasons() -> None:
    record = listed("2024-01-01", "2025-04-01", "2025-08-01")
    reasons = [*why("persons-wish"), Code(CONTACT_CHANGE_REASON, "special-reasons").concept()]

    assert judged(record, with_doctor(9, PRIVATE_DOCTOR, "2026-03-01", reasons)) == []


def test_another_doctor_at_the_same_unit_is_no_change_of_unit() -> None:
    record = listed("2024-01-01", "2025-04-01", "2025-08-01")

    assert judged(record, with_doctor(9, SECOND_DOCTOR, "2026-03-01", why("staff-left"))) == []


def test_units_that_merge_are_no_change_of_the_persons() -> None:
    record = listed("2024-01-01", "2025-04-01", "2025-08-01")

    assert judged(record, with_doctor(9, DOCTOR_MERGED, "2026-03-01", why("unit-merged"))) == []
    merged = stored(record, with_doctor(9, DOCTOR_MERGED, "2026-01-01", why("unit-merged")))
    back = with_doctor(10, DOCTOR, "2026-02-01", why("persons-wish"))
    assert rules(judged(merged, back)) == ["contact-listing-changes"]
