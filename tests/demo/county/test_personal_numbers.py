"""No number of the county may belong to anybody."""

from services.demo.county.loads import County
from services.demo.county.personal_numbers import LIST, PersonalNumber, checksum_holds, published_numbers
from services.demo.county.units import GIVERS

TODAY_YEAR = 2026


def test_the_list_says_which_published_series_its_numbers_are_of() -> None:
    text = LIST.read_text(encoding="utf-8")

    assert "Skatteverket" in text
    assert "b4de7df7-63c0-4e7e-bb59-1f156a591763" in text


def test_every_listed_number_has_twelve_digits_and_a_right_control_digit() -> None:
    wrong = [one.digits for one in published_numbers() if not checksum_holds(one.digits)]

    assert wrong == []
    assert all(one.digits.isdecimal() and len(one.digits) == 12 for one in published_numbers())


def test_a_wrong_control_digit_would_be_seen() -> None:
    assert checksum_holds("195009072553")
    assert not checksum_holds("195009072554")


def test_no_two_listed_numbers_are_the_same_and_there_are_enough() -> None:
    digits = [one.digits for one in published_numbers()]

    assert len(set(digits)) == len(digits) >= 320


def test_every_line_says_in_how_many_copies_of_the_series_it_was_found() -> None:
    lines = [line for line in LIST.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]

    assert {line[12:] for line in lines} == {" both", " one"}


def test_the_numbers_are_of_all_ages_and_of_both_sexes() -> None:
    numbers = published_numbers()
    decades = {(TODAY_YEAR - one.birth_date.year) // 10 for one in numbers}
    women = sum(one.gender == "female" for one in numbers)

    assert decades >= set(range(10))
    assert 0.45 < women / len(numbers) < 0.55


def test_sex_and_birth_date_are_read_from_the_digits() -> None:
    assert PersonalNumber("195009072553").gender == "male"
    assert PersonalNumber("196101182803").gender == "female"
    assert PersonalNumber("196101182803").birth_date.isoformat() == "1961-01-18"


def test_every_resident_has_a_listed_number_of_their_own(settled: County) -> None:
    digits = [one.number.digits for one in settled.residents]

    assert len(set(digits)) == len(digits)
    assert set(digits) <= {one.digits for one in published_numbers()}


def test_no_organisation_can_have_the_organisation_numbers_of_the_county() -> None:
    numbers = {giver.hsa[2:12] for giver in GIVERS}

    assert len(numbers) == len(GIVERS)
    assert not any(checksum_holds("00" + number) for number in numbers)
