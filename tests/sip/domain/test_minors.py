"""Who near a child reads the child's record, and from or until what age."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.sip.domain import codes
from services.sip.domain.circle import readers_of_record
from services.sip.domain.held import ALWAYS, Held, Place
from services.sip.domain.minors import Ages, may_have_guardians, themselves

CHILD = "Patient/child"
UNIT = Place("SE-unit", "SE-town")
ROLE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"


def relation(code: str) -> dict[str, Any]:
    return {"relationship": [{"coding": [{"system": ROLE, "code": code}]}]}


GUARDIAN = relation("GUARD")


def held(key: str, **resource: Any) -> Held:
    return Held(key, 1, {"resourceType": key.partition("/")[0], **resource}, CHILD, UNIT)


def child(**more: Any) -> list[Held]:
    born = more.pop("born", {"birthDate": "2015-05-05"})
    return [held(CHILD, **born), held("RelatedPerson/guardian", **{**GUARDIAN, **more}), held("Goal/1")]


def reads(record: list[Held], key: str, who: str, at: datetime, ages: Ages | None = None) -> bool:
    readers = readers_of_record({one.key: one for one in record}, {}, (), (), ages or Ages())
    return any(one.unit == who and one.holds_at(at) for one in readers[key])


def midnight(year: int, month: int, day: int, *, summer: bool = True) -> datetime:
    return datetime(year, month, day, 22 if summer else 23, tzinfo=UTC)


def test_a_child_reads_the_own_record_from_a_birthday() -> None:
    before, after = datetime(2031, 5, 4, 21, 59, tzinfo=UTC), midnight(2031, 5, 4)
    assert not reads(child(), "Goal/1", CHILD, before)
    assert reads(child(), "Goal/1", CHILD, after)
    assert reads(child(), "Goal/1", CHILD, datetime(2028, 5, 6, tzinfo=UTC), Ages(own_from=13))


def test_a_guardian_reads_until_a_birthday() -> None:
    last, over = datetime(2028, 5, 4, 21, 59, tzinfo=UTC), midnight(2028, 5, 4)
    for key in ("Goal/1", CHILD, "RelatedPerson/guardian"):
        assert reads(child(), key, "RelatedPerson/guardian", last)
        assert not reads(child(), key, "RelatedPerson/guardian", over)
    assert not reads(child(), "Goal/1", "RelatedPerson/guardian", last, Ages(guardian_until=0))


@pytest.mark.parametrize(
    "changed",
    [
        relation("SIB"),
        {"active": False},
        {"period": {"end": "2020-01-01"}},
        {"born": {"birthDate": "1950-05-05"}},
        {"born": {}},
    ],
)
def test_nobody_else_near_reads(changed: dict[str, Any]) -> None:
    assert not reads(child(**changed), "Goal/1", "RelatedPerson/guardian", datetime(2026, 1, 1, tzinfo=UTC))


def test_what_is_labelled_so_is_kept_from_guardians() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    labelled = held("Goal/2", meta={"security": [codes.NOT_TO_GUARDIAN.coding()]})
    assert not reads([*child(), labelled], "Goal/2", "RelatedPerson/guardian", now)
    assert reads([*child(), labelled], "Goal/2", "SE-unit", now)


@pytest.mark.parametrize("category", ["block", "objection"])
def test_a_guardian_never_reads_what_the_child_blocked_or_objected_to(category: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    concept = codes.Code(codes.CONSENT_CATEGORY, category).concept()
    shut = held("Consent/1", status="active", category=[concept])
    assert not reads([*child(), shut], "Consent/1", "RelatedPerson/guardian", now)


def test_a_birthday_known_in_part_never_gives_more_than_the_whole_one_could() -> None:
    for born, own, guardian in (("2015", 2031, 2028), ("2015-05", 2031, 2028)):
        record = child(born={"birthDate": born})
        month, last = (12, 31) if born == "2015" else (5, 31)
        assert not reads(record, "Goal/1", CHILD, datetime(own, month, last - 1, 20, tzinfo=UTC))
        assert reads(record, "Goal/1", CHILD, datetime(own, month, last, 1, tzinfo=UTC))
        first = 1 if born == "2015" else 5
        assert not reads(record, "Goal/1", "RelatedPerson/guardian", datetime(guardian, first, 1, tzinfo=UTC))


def test_the_29th_of_february_comes_on_the_1st_of_march_in_other_years() -> None:
    record = child(born={"birthDate": "2016-02-29"})
    assert reads(record, "Goal/1", "RelatedPerson/guardian", datetime(2029, 2, 28, 12, tzinfo=UTC))
    assert not reads(record, "Goal/1", "RelatedPerson/guardian", datetime(2029, 3, 1, 12, tzinfo=UTC))


def test_the_personal_number_tells_the_age_where_no_birth_date_is_given() -> None:
    number = {"identifier": [{"system": codes.PERSONNUMMER, "value": "201701012393"}]}
    assert may_have_guardians(number, Ages(), datetime(2026, 1, 1, tzinfo=UTC))
    assert not may_have_guardians(number, Ages(), datetime(2030, 1, 1, tzinfo=UTC))


def test_an_adult_or_somebody_of_unknown_age_reads_the_own_record() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert themselves("Patient/p", {"birthDate": "1950-01-01"}, Ages()).holds_at(now)
    assert themselves("Patient/p", None, Ages()).start == ALWAYS
