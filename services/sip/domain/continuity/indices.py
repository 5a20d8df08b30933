"""The five indices of provider continuity, of one person's visits given as their providers in order of time.

Each answers with an exact fraction between 0 and 1, or None where the index is not defined.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

_MMCI_DAMPING: Final = Fraction(1, 10)
"""The 0.1 that the definition of MMCI adds to the number of visits."""


def upc(providers: Sequence[str]) -> Fraction | None:
    """Usual Provider of Care: the share of the visits that were to the provider met most often."""
    if not providers:
        return None
    return Fraction(max(Counter(providers).values()), len(providers))


def coc(providers: Sequence[str]) -> Fraction | None:
    """Continuity of Care (Bice, Boxerman): how visits gather on few providers; undefined under two visits."""
    visits = len(providers)
    if visits < 2:
        return None
    squares = sum(times * times for times in Counter(providers).values())
    return Fraction(squares - visits, visits * (visits - 1))


def secon(providers: Sequence[str]) -> Fraction | None:
    """Sequential Continuity: the share of visits to the provider of the visit before; undefined under two."""
    if len(providers) < 2:
        return None
    return Fraction(sum(one == following for one, following in pairwise(providers)), len(providers) - 1)


def mmci(providers: Sequence[str]) -> Fraction | None:
    """Modified Modified Continuity Index: few providers in relation to the number of visits."""
    if not providers:
        return None
    damped = len(providers) + _MMCI_DAMPING
    return (1 - len(set(providers)) / damped) / (1 - 1 / damped)


def k_index(providers: Sequence[str]) -> Fraction | None:
    """K index: 1 when all visits were to one provider, 0 when each was to a new one; undefined under two."""
    visits = len(providers)
    if visits < 2:
        return None
    return Fraction(visits - len(set(providers)), visits - 1)
