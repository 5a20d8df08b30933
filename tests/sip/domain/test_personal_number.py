"""Personal numbers as people write them, and as the record keeps them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sip.domain.codes import PERSONNUMMER, SAMORDNINGSNUMMER
from services.sip.domain.personal_number import NotAPersonalNumber, check_digit, checked, parse

TODAY = date(2026, 3, 2)

# Published examples: SKV 707 (coordination number), Skatteverket's test series, HL7 Sweden's base profiles.
PUBLISHED = ["197010632391", "201701012393", "195009072553", "196101182803"]


@pytest.mark.parametrize("digits", PUBLISHED)
def test_a_published_example_is_a_personal_number(digits: str) -> None:
    assert checked(digits, TODAY).digits == digits


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("701063-2391", "197010632391"),
        ("7010632391", "197010632391"),
        ("19701063-2391", "197010632391"),
        (" 195009072553 ", "195009072553"),
        ("170101-2393", "201701012393"),
    ],
)
def test_a_number_is_kept_as_twelve_digits_however_it_was_written(written: str, digits: str) -> None:
    assert parse(written, TODAY).digits == digits


def test_a_plus_says_that_the_person_turns_a_hundred() -> None:
    in_1917 = "170101" + "239"
    written = in_1917[:6] + "+" + in_1917[6:] + str(check_digit(in_1917))

    assert parse(written, TODAY).birth_date == date(1917, 1, 1)


@pytest.mark.parametrize(
    ("written", "year"), [("260101-239{}", 2026), ("260101+239{}", 1926), ("270101-239{}", 1927)]
)
def test_the_century_changes_with_the_year_the_person_turns_a_hundred(written: str, year: int) -> None:
    digit = check_digit(written[:6] + written[7:10])

    assert parse(written.format(digit), TODAY).birth_date == date(year, 1, 1)


def test_a_plus_before_the_hundredth_year_is_refused() -> None:
    with pytest.raises(NotAPersonalNumber, match="turns 100"):
        parse("19701063+2391", TODAY)


def test_a_coordination_number_has_sixty_added_to_its_day_and_a_system_of_its_own() -> None:
    number = parse("701063-2391", TODAY)

    assert (number.is_coordination_number, number.birth_date, number.system) == (
        True,
        date(1970, 10, 3),
        SAMORDNINGSNUMMER,
    )
    assert parse("195009072553", TODAY).system == PERSONNUMMER


def test_a_coordination_number_may_not_know_the_day_of_birth() -> None:
    unknown_day = "700060239"
    digits = "19" + unknown_day + str(check_digit(unknown_day))

    assert checked(digits, TODAY).birth_date is None


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "ten or twelve digits"),
        ("195009072554", "check digit"),
        ("19500907-255", "ten or twelve digits"),
        ("1950-09072553", "ten or twelve digits"),
        ("19500907--2553", "ten or twelve digits"),
        ("٤٩٥٠٠٩٠٧٢٥٥٣", "ten or twelve digits"),
        ("195009072553".translate({48 + one: 0xFF10 + one for one in range(10)}), "ten or twelve digits"),
        ("195009072553\n1", "ten or twelve digits"),
        ("anna", "ten or twelve digits"),
    ],
)
def test_what_is_no_personal_number_is_refused_with_the_reason(written: str, why: str) -> None:
    with pytest.raises(NotAPersonalNumber, match=why):
        parse(written, TODAY)


@pytest.mark.parametrize(
    ("nine", "why"), [("500230239", "no date"), ("501301239", "no date"), ("500095239", "no date")]
)
def test_a_number_without_a_possible_birth_date_is_refused(nine: str, why: str) -> None:
    with pytest.raises(NotAPersonalNumber, match=why):
        checked("19" + nine + str(check_digit(nine)), TODAY)


def test_nobody_is_born_in_the_future() -> None:
    with pytest.raises(NotAPersonalNumber, match="future"):
        checked("20260303239" + str(check_digit("260303239")), TODAY)


@pytest.mark.parametrize("kept", ["5009072553", "19500907-2553", " 195009072553", "195009072553\n"])
def test_the_record_keeps_nothing_but_twelve_digits(kept: str) -> None:
    with pytest.raises(NotAPersonalNumber, match="kept as twelve digits"):
        checked(kept, TODAY)


births = st.dates(min_value=date(1926, 1, 1), max_value=TODAY)
serials = st.integers(min_value=0, max_value=999).map("{:03}".format)


@given(born=births, serial=serials)
def test_every_way_of_writing_a_number_is_the_same_number(born: date, serial: str) -> None:
    nine = f"{born:%y%m%d}{serial}"
    ten = nine + str(check_digit(nine))
    twelve = f"{born.year // 100}{ten}"
    sign = "+" if TODAY.year - born.year >= 100 else "-"

    assert {
        parse(one, TODAY).digits for one in (ten[:6] + sign + ten[6:], twelve, twelve[:8] + "-" + ten[6:])
    } == {twelve}
    assert parse(twelve, TODAY).birth_date == born


@given(born=births, serial=serials, place=st.integers(2, 11), by=st.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(born: date, serial: str, place: int, by: int) -> None:
    nine = f"{born:%y%m%d}{serial}"
    digits = f"{born.year // 100}{nine}{check_digit(nine)}"
    mistyped = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]

    with pytest.raises(NotAPersonalNumber):
        checked(mistyped, TODAY)


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_is_refused(text: str) -> None:
    try:
        number = parse(text, TODAY)
    except NotAPersonalNumber:
        return
    assert checked(number.digits, TODAY) == number
