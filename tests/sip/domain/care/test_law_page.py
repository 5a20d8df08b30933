"""docs/law.md names every rule, with a function and a test that exist; every basis is a paragraph or a setting."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from services.sip.domain.care import AgreedPractice
from services.sip.domain.care.agreed_practice import agreed

ROOT = Path(__file__).parents[4]
DOMAIN = ROOT / "services/sip/domain"
TESTS = ROOT / "tests/sip/domain"
PAGE = (ROOT / "docs/law.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ")
]
CODE = re.compile(r"`([a-z]+(?:-[a-z]+)+)`")
PLACE = re.compile(r"`((?:[a-z_]+/)*[a-z_]+\.py)` `([a-z_]+)`")


def rules_in_code() -> Iterator[str]:
    """Give every rule code that the code can answer with."""
    for path in (DOMAIN / "care").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            named = {one.arg: one.value for one in node.keywords}
            rule = {"Violation": node.args[0] if node.args else None, "LifeCycle": named.get("rule")}.get(
                node.func.id
            )
            if isinstance(rule, ast.Constant):
                yield str(rule.value)


def test_every_rule_stands_on_the_page() -> None:
    on_page = {code for row in ROWS for code in CODE.findall(row[-3])}

    assert on_page == set(rules_in_code())


def test_every_setting_stands_on_the_page() -> None:
    named = {one for row in ROWS for one in re.findall(r"`([a-z]+(?:_[a-z]+)+)`", row[0])}

    assert named == {field.name for field in fields(AgreedPractice)}


@pytest.mark.parametrize("row", [row for row in ROWS if PLACE.search(row[-2])], ids=lambda row: row[-2])
def test_function_and_test_of_a_row_exist(row: list[str]) -> None:
    for cell, folder in ((row[-2], DOMAIN), (row[-1], TESTS)):
        [(path, function)] = PLACE.findall(cell)
        assert re.search(
            rf"^\s*def {function}\(", (folder / path).read_text(encoding="utf-8"), re.MULTILINE
        ), cell


def test_a_rule_cannot_rest_on_a_setting_that_does_not_exist() -> None:
    with pytest.raises(KeyError):
        agreed("what_nobody_agreed")
