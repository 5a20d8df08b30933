"""Who may open a record in an emergency."""

import pytest

from services.sip.domain.codes import HEALTH_CARE_UNIT_KINDS, SOCIAL_SERVICE_UNIT_KINDS
from services.sip.domain.emergency import CARE, may_open


@pytest.mark.parametrize("kind", HEALTH_CARE_UNIT_KINDS)
def test_a_care_giver_may_on_an_assignment_for_care(kind: str) -> None:
    assert may_open({kind}, CARE).allowed
    assert not may_open({kind}, "Administration").allowed
    assert not may_open({kind}, None).allowed


@pytest.mark.parametrize("kinds", [*({one} for one in SOCIAL_SERVICE_UNIT_KINDS), set()])
def test_the_social_services_never_may(kinds: set[str]) -> None:
    decision = may_open(kinds, CARE)
    assert not decision.allowed
    assert decision.reason == "emergency access is for care givers alone"
