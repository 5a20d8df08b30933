"""The tables by which failures are told are whole and true."""

import re
from pathlib import Path

from services.sip.api.plain_rules import PLAIN
from services.sip.api.problems import STATUS
from services.sip.domain import errors

CARE = Path(errors.__file__).parent / "care"
RULE = re.compile(r'"((?:plan|task|team|contact|consent|goal|what-matters)-[a-z-]+)"')


def test_every_error_has_a_status_and_a_title() -> None:
    known = {
        one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.SipError)
    }

    assert set(STATUS) == known - {errors.SipError}


def test_every_rule_told_plainly_is_a_rule() -> None:
    rules = {rule for path in CARE.rglob("*.py") for rule in RULE.findall(path.read_text())}

    assert set(PLAIN) <= rules


def test_everything_an_activation_may_lack_is_told_in_swedish() -> None:
    lacking = [CARE / "plan" / f"{one}.py" for one in ("agreed", "consent", "responsibility", "lss")]
    rules = {rule for path in lacking for rule in RULE.findall(path.read_text())}

    assert rules - {"plan-lawful-ground"} <= set(PLAIN)
