"""No tracked file holds a personal identity number that could be somebody's."""

import re
from pathlib import Path

from tests.checks.tracked import text_of, tracked_files

SERIES = Path("services/demo/county/test_personal_numbers.txt")
# Beyond the county's list, each known to belong to nobody. Taken apart where it is written, because this file is
# searched as well.
ELSEWHERE = {
    "2017" + "01012393": "the same test series of Skatteverket (dataportal.se, Testpersonnummer)",
    "1961" + "01182803": "the example patient of HL7 Sweden's base profiles, a test number of Skatteverket",
    "1970" + "10632391": "Skatteverket's own example of a samordningsnummer (701063 and 2391)",
    "1890" + "01019802": "Skatteverket's test series; nobody born in 1890 lives",
}
DAY = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"  # a samordningsnummer adds 60
WRITTEN = re.compile(rf"(?<![\w.])((?:18|19|20)\d\d(?:0[1-9]|1[0-2]){DAY})[-+]?(\d{{4}})(?!\w)")


def control_digit_holds(digits: str) -> bool:
    """Whether the last digit of twelve is right (Luhn over the last ten)."""
    products = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits[2:])]
    return sum(sum(divmod(product, 10)) for product in products) % 10 == 0


def numbers_in(text: str) -> set[str]:
    """Every run of digits that would pass as a personal identity number."""
    found = {date + last for date, last in WRITTEN.findall(text)}
    return {digits for digits in found if control_digit_holds(digits)}


def test_every_personal_number_is_known_to_belong_to_nobody() -> None:
    nobody = numbers_in(text_of(SERIES)) | ELSEWHERE.keys()
    found = {
        str(path): unknown for path in tracked_files() if (unknown := numbers_in(text_of(path)) - nobody)
    }

    assert not found, f"take one from {SERIES} instead: {found}"


def test_a_number_would_be_found_however_it_is_written() -> None:
    number = "1912" + "12121212"

    assert numbers_in(f"x = '{number}'") == {number}
    assert numbers_in(f"({number[:8]}-{number[8:]})") == {number}


def test_a_number_that_nobody_can_have_is_no_number() -> None:
    assert not numbers_in("1912" + "12121213")
    assert not numbers_in("1912" + "13321212")
