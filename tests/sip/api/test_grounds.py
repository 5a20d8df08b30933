"""Every ground that the access log keeps has a Swedish wording, since residents read it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from services.chassis.principal import Principal
from services.sip.api.views.words import GROUNDS, ground_of
from services.sip.domain.access import covered_by_scope

SIP = Path(__file__).parents[3] / "services/sip"
PLACES = ("use_cases", "domain/access.py", "domain/emergency.py")
POSITION = {"accessed": 3, "Access": 7}
"""Where the ground stands in calls that do not name it."""


def texts(node: ast.AST | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)


def grounds_in_code() -> set[str]:
    files = [
        path for place in PLACES for path in ([SIP / place] if "." in place else (SIP / place).rglob("*.py"))
    ]
    found: set[str] = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = POSITION.get(node.func.id)
                at = node.args[place] if place is not None and len(node.args) > place else None
                named = [one.value for one in node.keywords if one.arg == "reason"]
                found |= {text for value in (at, *named) for text in texts(value)}
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in {"reason", "refusal"}:
                found |= {*texts(node.value)}
            if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "REASONS":
                found |= {text for value in getattr(node.value, "values", ()) for text in texts(value)}
    return found - {"concerned by it", "not concerned by it", "no care relation now", "scope"}


def test_every_ground_has_a_swedish_wording() -> None:
    grounds = grounds_in_code()
    assert {"care relation", "absent", "log control", "changed meanwhile", "registered again"} <= grounds
    assert grounds - GROUNDS.keys() == set()


def test_what_a_scope_does_not_cover_is_told_in_swedish_too() -> None:
    refused = covered_by_scope(Principal("a", "b"), "Task", "r").reason
    assert ground_of(refused) == "nekad: behörigheten omfattar inte detta"
