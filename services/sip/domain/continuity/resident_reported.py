"""Continuity as residents report it, to stand beside what is computed: answers on a scale, as a share of the best."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from services.sip.domain.continuity.listed_unit import months_before

MONTHS: Final = 12
WORST: Final = 1
BEST: Final = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """One filled-in questionnaire: when, and the points from 1 to 5 given to each question answered."""

    at: datetime
    points: tuple[int, ...]


def reported_continuity(answers: Sequence[Answer], now: datetime) -> Fraction | None:
    """Give a person's latest answer of the last twelve months between 0 and 1; None for who did not answer."""
    since = months_before(now, MONTHS)
    recent = [one for one in answers if since < one.at <= now and one.points]
    if not recent:
        return None
    points = max(recent, key=lambda one: one.at).points
    return Fraction(sum(points) - WORST * len(points), (BEST - WORST) * len(points))
