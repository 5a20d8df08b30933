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
CODE_FOLDERS = (DOMAIN, ROOT / "services/sip")
TEST_FOLDERS = (ROOT / "tests/sip/domain", ROOT / "tests/sip")
PAGE = (ROOT / "docs/law.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ")
]
DEMANDED = (
    "PDL 4 kap. 1 §", "PDL 4 kap. 3 §", "PDL 2 kap. 8 §", "PDL 4 kap. 4 §", "PDL 4 kap. 5 §", "PDL 3 kap. 17 §",
    "PDL 8 kap. 4 §", "PDL 8 kap. 5 §", "PDL 5 kap. 5 §", "HSLF-FS 2016:40 4 kap. 9 §", "lag (2022:913) 1 kap. 1 §",
    "lag (2022:913) 2 kap. 2 §", "lag (2022:913) 2 kap. 3 §", "lag (2022:913) 2 kap. 5 §", "lag (2022:913) 3 kap. 1 §",
    "lag (2022:913) 3 kap. 5 §", "lag (2022:913) 3 kap. 6 §", "lag (2022:913) 3 kap. 7 §", "lag (2022:913) 4 kap. 1 §",
    "lag (2022:913) 4 kap. 4 §", "OSL 25 kap. 1 §", "26 kap. 1 §", "OSL 25 kap. 12 §", "26 kap. 9 §", "OSL 12 kap. 3 §",
    "OSL 22 kap. 1 §", "dataskyddsförordningen art. 5",
)  # fmt: skip
"""What the law asks of access and its log, paragraph by paragraph."""
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
    for cell, folders in ((row[-2], CODE_FOLDERS), (row[-1], TEST_FOLDERS)):
        [(path, function)] = PLACE.findall(cell)
        found = next(folder / path for folder in folders if (folder / path).exists())
        defined = rf"^\s*(?:async )?def {function}\("
        assert re.search(defined, found.read_text(encoding="utf-8"), re.MULTILINE), cell


def test_every_paragraph_of_the_domain_guide_stands_on_the_page() -> None:
    cited = " ".join(row[0] for row in ROWS)

    assert [one for one in DEMANDED if one not in cited] == []


def test_a_rule_cannot_rest_on_a_setting_that_does_not_exist() -> None:
    with pytest.raises(KeyError):
        agreed("what_nobody_agreed")
