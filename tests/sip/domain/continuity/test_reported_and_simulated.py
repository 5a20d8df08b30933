"""What residents report, and what a list would look like: worked examples."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from services.sip.domain.continuity.list_simulation import Doctors, outlook, simulated
from services.sip.domain.continuity.resident_reported import Answer, reported_continuity

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_the_latest_answer_counts_between_worst_and_best() -> None:
    older, newer = Answer(NOW - timedelta(days=90), (1, 1)), Answer(NOW - timedelta(days=2), (5, 4, 3))

    assert reported_continuity([newer, older], NOW) == Fraction(3, 4)
    assert reported_continuity([older], NOW) == 0
    assert reported_continuity([Answer(NOW, (5,))], NOW) == 1


@pytest.mark.parametrize("at", [NOW - timedelta(days=366), NOW + timedelta(seconds=1)])
def test_who_has_not_answered_in_twelve_months_is_undefined_and_not_zero(at: datetime) -> None:
    assert reported_continuity([Answer(at, (5,))], NOW) is None
    assert reported_continuity([Answer(NOW, ())], NOW) is None


def test_two_doctors_leave_and_one_in_training_comes() -> None:
    # guide/domain.md §3: 0.8 specialist and 1.0 ST answer for 880 + 550 = 1,430; 1,573 listed are 110 %.
    now = outlook(1573, Doctors(Decimal("0.8"), Decimal(1)))
    assert now.capacity == 1430
    assert now.load == Fraction(11, 10)
    assert now.specialists_lacking == Fraction(2, 10)

    before = outlook(3300, Doctors(Decimal(3), Decimal(0)))
    after = simulated(before, 0, Doctors(Decimal(-2), Decimal(1)))
    assert after.capacity == after.over == 1650
    assert after.load == 2
    assert after.specialists_lacking == Fraction(15, 10)


def test_nobody_left_to_list_with_is_undefined_and_more_cannot_leave_than_there_are() -> None:
    alone = outlook(500, Doctors(Decimal(1)))

    assert simulated(alone, 0, Doctors(Decimal(-1))).load is None
    with pytest.raises(ValueError, match="negative"):
        simulated(alone, 0, Doctors(Decimal(-2)))
    with pytest.raises(ValueError, match="shorter"):
        simulated(alone, -501, Doctors())
