"""The demo speaks the service's codes, though it does not import them."""

import pytest

from services.demo.county import codes
from services.sip.domain import codes as of_the_service

# Codes of FHIR's and Inera's that no rule of the service asks for by itself.
DEMO_ALONE = {"ASSIGNMENT_ID", "PLAN_CATEGORY_FOREIGN", "GOAL_ACHIEVED", "RELATIONSHIP"}
NAMES = sorted(name for name in vars(codes) if name.isupper() and name not in DEMO_ALONE)


@pytest.mark.parametrize("name", NAMES)
def test_the_demo_and_the_service_mean_the_same(name: str) -> None:
    assert getattr(codes, name) == getattr(of_the_service, name)


def test_a_plan_of_another_kind_is_none_of_ours() -> None:
    assert codes.PLAN_CATEGORY_FOREIGN not in of_the_service.PLAN_CATEGORIES
