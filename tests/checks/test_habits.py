"""Habits no linter knows: tests patch nothing, FHIR models are R4B's, comments leave no labels."""

import re

import pytest

from tests.checks.tracked import python_modules, text_of

HABITS = {
    "patches instead of using a fake or the real thing": re.compile(r"\b(?:monkeypatch|mocker|MagicMock)\b"),
    "imports the library's default, which is R5": re.compile(
        r"^\s*(?:from|import) fhir\.resources(?!\.R4B)\b"
    ),
    "labels a part of a module instead of splitting it": re.compile(r"^\s*#\s*[-=#*]{3,}"),
}
THIS = "test_habits.py"
SPEAKS_R5 = "test_care_managers.py"
"""Inera's draft is R5 indeed: its shape is checked with the model of that version."""


def broken_habits(text: str) -> list[str]:
    """What is found, with its line number."""
    return [
        f"line {number} {habit}"
        for number, line in enumerate(text.splitlines(), start=1)
        for habit, pattern in HABITS.items()
        if pattern.search(line)
    ]


def test_the_code_keeps_the_habits_of_the_house() -> None:
    found = {
        str(path): lines
        for path in python_modules()
        if path.name not in {THIS, SPEAKS_R5, "test_import_directions.py"}
        and (lines := broken_habits(text_of(path)))
    }

    assert not found


@pytest.mark.parametrize(
    "line",
    [
        "def test_it(monkeypatch):",
        "from fhir.resources.careplan import CarePlan",
        "import fhir.resources",
        "# ---- reading ----",
    ],
)
def test_a_broken_habit_would_be_found(line: str) -> None:
    assert broken_habits(line)


def test_the_models_of_r4b_are_welcome() -> None:
    assert not broken_habits("from fhir.resources.R4B.careplan import CarePlan")
