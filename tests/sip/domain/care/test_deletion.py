"""What may be deleted, and what is ended instead."""

from datetime import UTC, datetime

import pytest

from services.sip.domain.care import deletion_violations
from services.sip.domain.care.context import CareContext

CONTEXT = CareContext(now=datetime(2026, 11, 22, tzinfo=UTC), person={}, directory={})


@pytest.mark.parametrize("status", ["active", "on-hold", "completed", "revoked"])
def test_what_has_had_effect_is_ended_not_deleted(status: str) -> None:
    [violation] = deletion_violations({"resourceType": "CarePlan", "status": status}, CONTEXT)
    assert violation.rule == "deletion-refused"
    assert violation.basis == "PDL 3 kap. 14 §"
    assert "entered-in-error" in violation.text


@pytest.mark.parametrize("status", ["draft", "entered-in-error"])
def test_a_draft_or_a_mistake_may_be_deleted(status: str) -> None:
    assert deletion_violations({"resourceType": "CarePlan", "status": status}, CONTEXT) == []


def test_a_consent_in_force_is_withdrawn_not_deleted() -> None:
    assert deletion_violations({"resourceType": "Consent", "status": "active"}, CONTEXT)
