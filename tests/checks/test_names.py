"""A name says what is inside; names that could hold anything are refused."""

from pathlib import Path

from tests.checks.tracked import python_modules

SAY_NOTHING = {"util", "utils", "helper", "helpers", "common", "base", "manager", "misc", "stuff"}


def says_nothing(path: Path) -> bool:
    """Whether a folder's or module's name contains a word that says nothing."""
    words = {word for part in path.with_suffix("").parts for word in part.lower().split("_")}
    return bool(words & SAY_NOTHING)


def test_no_module_or_package_has_a_name_that_says_nothing() -> None:
    assert [str(path) for path in python_modules() if says_nothing(path)] == []


def test_a_name_that_says_nothing_would_be_found() -> None:
    assert says_nothing(Path("services/sip/utils.py"))
    assert says_nothing(Path("services/sip/common/dates.py"))
    assert says_nothing(Path("services/sip/plan_manager.py"))
    assert not says_nothing(Path("services/sip/domain/based_on.py"))
