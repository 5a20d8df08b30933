"""Plans that are no SIP: the individual plan of LSS has rules of its own, any other kind has none."""

from typing import Any

import pytest

from services.sip.domain import codes
from tests.sip.domain.care.scenarios import (
    CONSENT,
    FOLLOW_UP,
    MEDICINE,
    NEIGHBOUR,
    NURSING,
    PERSON,
    PLAN,
    a_plan_ready_to_activate,
    activated,
    changed,
    judged,
    of,
    rules,
    to,
    without_activity,
)


def test_a_plan_of_another_kind_is_stored_as_what_it_is() -> None:
    other = of(
        "CarePlan/habilitation", status="active", subject=to(PERSON), category=[{"text": "Habilitering"}]
    )

    assert judged({PERSON: {"resourceType": "Patient", "id": "anna"}}, *other.values()) == []


def test_an_lss_plan_asks_neither_for_consent_nor_for_both_principals() -> None:
    record = a_plan_ready_to_activate(codes.PLAN_CATEGORY_LSS)
    del record[CONSENT]
    alone = changed(
        record, PLAN, status="active", supportingInfo=None, contributor=None, **without_activity(MEDICINE)
    )

    assert judged(record, alone) == []


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (without_activity(NURSING, MEDICINE), "plan-interventions"),
        (without_activity(NEIGHBOUR), "plan-actions-by-others"),
        (without_activity(FOLLOW_UP), "plan-yearly-review"),
    ],
)
def test_an_lss_plan_holds_what_lss_asks_for(content: dict[str, Any], rule: str) -> None:
    record = a_plan_ready_to_activate(codes.PLAN_CATEGORY_LSS)

    [found] = judged(record, changed(record, PLAN, status="active", **content))

    assert (found.rule, found.basis) == (rule, "LSS 10 §")


def test_an_lss_plan_is_reviewed_within_a_year() -> None:
    record = a_plan_ready_to_activate(codes.PLAN_CATEGORY_LSS)
    record[FOLLOW_UP] = changed(record, FOLLOW_UP, restriction={"period": {"end": "2027-05-01"}})

    assert rules(judged(record, activated(record))) == ["plan-yearly-review"]
