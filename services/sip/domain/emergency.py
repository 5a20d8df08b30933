"""Nödöppning: what is shut is opened for care that cannot wait, and only for care givers.

PDL 4 kap. 5 §, lag (2022:913) 3 kap. 5 §: danger to life or serious risk to health, and no consent to be had.
The social services have no such way (lag (2022:913) 3 kap. 6 § speaks of care givers alone).
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Final, Literal

from services.sip.domain.access import Decision
from services.sip.domain.codes import HEALTH_CARE_UNIT_KINDS

Danger = Literal["life", "serious-health-risk"]
LASTS: Final = timedelta(hours=4)
CARE: Final = "Vård och behandling"
"""The assignment's purpose (commissionPurpose) of who takes part in care."""
OPENED: Final = "emergency access"
"""The ground that the access record keeps, by which the log flags it."""


def may_open(unit_kinds: Collection[str], purpose: str | None) -> Decision:
    """Judge who asks: health care by an assignment for care; never the social services."""
    if set(HEALTH_CARE_UNIT_KINDS).isdisjoint(unit_kinds):
        return Decision(allowed=False, reason="emergency access is for care givers alone")
    if purpose != CARE:
        return Decision(allowed=False, reason="emergency access takes an assignment for care")
    return Decision(allowed=True, reason=OPENED)
