"""An attacker who knows every share that is published, by municipality and by group, looks for a small group.

All that is told of groups are shares; how many they are of is told nowhere. The attacker tries every world that looks
like what is published, and must be left with every size, from none to four, for each group that is absent.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.sip.measures.cells import CONTACT_HELD, CONTACT_LACKED, Cell, Number
from services.sip.measures.metrics import METRICS, Metric
from services.sip.measures.publication import PublicationRule, State, shown, shown_share
from services.sip.measures.published import publication

RULE = PublicationRule()
MOST = 70
Pair = tuple[int, int]
"""How many hold a contact, and how many lack one."""


def seen(pair: Pair) -> Fraction | None:
    """Give what is published of a group or a municipality: a share, or nothing."""
    parts: list[Number | None] = [
        shown(RULE, Cell(figure.name, ("2", "2180")), State({1: count}, Fraction(count)))
        for figure, count in zip((CONTACT_HELD, CONTACT_LACKED), pair, strict=True)
    ]
    return shown_share(RULE, *parts)


ALIKE: dict[Fraction | None, list[Pair]] = {}
for having, lacking in product(range(MOST), range(MOST)):
    ALIKE.setdefault(seen((having, lacking)), []).append((having, lacking))


def sums(pairs: Iterator[tuple[Pair, ...]]) -> set[Pair]:
    return {(sum(held for held, _ in one), sum(lacked for _, lacked in one)) for one in pairs}


counts = st.tuples(st.integers(0, 40), st.integers(0, 40))


@settings(max_examples=25, deadline=None)
@given(women=counts, small=st.integers(0, 4), first=st.tuples(st.integers(0, 44), st.integers(0, 44)))
def test_no_size_of_a_small_group_can_be_ruled_out(women: Pair, small: int, first: Pair) -> None:
    held, lacked = women[0] + small, women[1]
    assume(first[0] <= held and first[1] <= lacked)
    municipalities = (first, (held - first[0], lacked - first[1]))
    totals = sums(product(*(ALIKE[seen(one)] for one in municipalities)))

    possible = {
        few
        for few in range(5)
        for one in ALIKE[seen(women)]
        if any((one[0] + few, one[1] + rest) in totals for rest in range(5))
    }

    assert seen((small, 0)) is None
    assert possible == set(range(5))


def test_with_counts_told_a_size_can_be_ruled_out() -> None:
    """What the attack finds where it may be found: had the counts been told, in fives, the rest would narrow."""
    women, municipality = 54, 59  # told as 50 and 55

    left = {
        total - one
        for one in range(women // 5 * 5, women // 5 * 5 + 5)
        for total in range(municipality // 5 * 5, municipality // 5 * 5 + 5)
    }
    assert 0 not in left


@pytest.mark.parametrize("metric", [one for one in METRICS if one.grouped], ids=lambda one: one.name)
def test_nothing_that_is_told_of_groups_is_a_count(metric: Metric) -> None:
    ways = ("sex", "age", "interpreter", "deprivation")
    labels = tuple("2" for _ in metric.figure.own)
    states = {
        Cell(f"{figure.name}.{way}", (*labels, "group", "21")): State({50: 40}, Fraction(25))
        for figure in (metric.figure, metric.against)
        if figure
        for way in ways
    }
    series = publication(
        RULE, states | {Cell("plans", ("active", "2180")): State({1: 9}, Fraction(9))}
    ).series

    assert len(series[metric]) == len(ways)
    assert all(0 <= value <= 1 for _, value in series[metric])
