"""No module grows past what can be read in one sitting, and no size rule is silenced."""

import re
from pathlib import Path

from tests.checks.tracked import python_modules, text_of

MOST_LINES = 250
SIZE_RULE_SILENCED = re.compile(r"#\s*noqa:[^#]*\b(C901|PLR0913|PLR0915)\b")


def lines_of(text: str) -> int:
    """The number of lines that hold something."""
    return sum(1 for line in text.splitlines() if line.strip())


def silenced(text: str) -> list[str]:
    """The lines that switch a size rule off."""
    return [line.strip() for line in text.splitlines() if SIZE_RULE_SILENCED.search(line)]


def test_no_module_has_more_than_250_lines() -> None:
    too_long = {
        str(path): count for path in python_modules() if (count := lines_of(text_of(path))) > MOST_LINES
    }

    assert not too_long, f"split these by what they do: {too_long}"


def test_no_function_is_excused_from_the_size_rules() -> None:
    this = Path(__file__).name
    found = {
        str(path): lines
        for path in python_modules()
        if path.name != this and (lines := silenced(text_of(path)))
    }

    assert not found, f"make the function smaller instead: {found}"


def test_an_excused_function_would_be_found() -> None:
    assert silenced("def f(a, b, c, d, e, f):  # noqa: PLR0913\n")
    assert not silenced("x = 1  # noqa: S105\n")


def test_empty_lines_do_not_count() -> None:
    assert lines_of("a\n\n  \nb\n") == 2
