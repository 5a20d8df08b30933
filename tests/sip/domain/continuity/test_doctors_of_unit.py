"""The doctors of a unit, from assignments that state how much of full time they are."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from services.sip.domain.codes import EXT_FULL_TIME, STAFF_ROLE, Code
from services.sip.domain.continuity.doctors_of_unit import doctors_by_unit
from services.sip.domain.continuity.list_simulation import Doctors

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
UNIT = "Organization/centre"


def assignment(share: object, role: str = "doctor", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "PractitionerRole",
        "organization": {"reference": UNIT},
        "code": [Code(STAFF_ROLE, role).concept()],
        "extension": [{"url": EXT_FULL_TIME, "valueDecimal": share}],
        **more,
    }


def test_assignments_add_up_by_what_they_are() -> None:
    roles = [assignment(0.8), assignment(0.1), assignment(1, "st-doctor"), assignment(1, "nurse")]

    assert doctors_by_unit(roles, NOW) == {UNIT: Doctors(Decimal("0.9"), Decimal(1))}


@pytest.mark.parametrize(
    "role",
    [
        assignment(1, active=False),
        assignment(1, period={"end": "2026-11-21"}),
        assignment(1, period={"start": "2026-11-23"}),
        assignment(-1),
        assignment(1.6),
        assignment("much"),
        assignment(None),
        assignment(1, extension=[]),
        assignment(1, organization={}),
    ],
)
def test_what_does_not_hold_or_is_not_stated_is_none(role: dict[str, Any]) -> None:
    assert doctors_by_unit([role], NOW) == {}
