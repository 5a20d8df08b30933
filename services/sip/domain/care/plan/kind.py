"""Which law a plan rests on, by its category; a plan of another kind is stored as what it is."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from services.sip.domain.codes import (
    PLAN_CATEGORY_DISCHARGE,
    PLAN_CATEGORY_LSS,
    PLAN_CATEGORY_SIP,
)
from services.sip.domain.held import Resource


class PlanKind(Enum):
    """The kinds of plan whose content our rules know."""

    SIP = "samordnad individuell plan (HSL 16 kap. 4 §, SoL 10 kap. 8 §)"
    DISCHARGE = "SIP at discharge from hospital (lag 2017:612 4 kap.)"
    LSS = "individuell plan (LSS 10 §)"


_KINDS: Final[Mapping[tuple[str, str], PlanKind]] = {
    PLAN_CATEGORY_SIP: PlanKind.SIP,
    PLAN_CATEGORY_DISCHARGE: PlanKind.DISCHARGE,
    PLAN_CATEGORY_LSS: PlanKind.LSS,
}


def kind_of(plan: Resource) -> PlanKind | None:
    """Give the kind by the first category we know; None for any other plan."""
    for concept in plan.get("category", ()):
        for coding in concept.get("coding", ()):
            kind = _KINDS.get((coding.get("system", ""), coding.get("code", "")))
            if kind is not None:
                return kind
    return None
