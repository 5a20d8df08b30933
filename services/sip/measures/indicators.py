"""The indicators: which figures each is made of, and how a cell of it is written as a row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any, Final

from services.sip.domain.codes import FIXED_CONTACT_KINDS
from services.sip.domain.continuity.coverage import coverage
from services.sip.domain.continuity.duration import BANDS, LONGEST
from services.sip.domain.continuity.sip_process import QUESTIONS
from services.sip.measures import cells
from services.sip.measures.cells import Figure, Kind, Spread
from services.sip.measures.contributions import PLAN_STATUSES
from services.sip.measures.contributions_of_visits import PROFESSIONS
from services.sip.measures.rollup import Table
from services.sip.measures.tally import EMPTY

Row = dict[str, Any]
KINDS: Final = tuple(kind.code for kind in FIXED_CONTACT_KINDS)
BAND_NAMES: Final = (*(name for _, name in BANDS), LONGEST)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; `nouns` name what a row counts, `combinations` the values of the figure's own labels.

    A share has the figure of those who have and, `against` it, that of those who lack.
    """

    id: str
    figure: Figure
    nouns: tuple[str, ...]
    combinations: Sequence[tuple[str, ...]] = ((),)
    against: Figure | None = None

    def values(self, spread: Spread, other: Spread) -> Row:
        """Write the numbers of a cell; what is undefined is null and never 0."""
        persons = persons_in(spread)
        if self.against is not None:
            population = persons + persons_in(other)
            numbers = (persons, population, as_number(coverage(persons, population)))
            return dict(zip(self.nouns, numbers, strict=True))
        if self.figure.kind is Kind.COUNT:
            return dict(zip(self.nouns, (int(sum_of(spread)), persons), strict=False))
        mean = as_number(sum_of(spread) / persons if persons else None)
        middle = {"median": as_number(median_of(spread))} if self.figure.kind is Kind.AMOUNT else {}
        return {self.nouns[0]: persons, "mean": mean, **middle}

    def rows(self, having: Table, lacking: Table, rest: tuple[str, ...]) -> Iterator[Row]:
        """Write one row for each combination of the figure's own labels, at one place or in one group."""
        for own in self.combinations:
            labels = (*own, *rest)
            named = dict(zip(self.figure.own, own, strict=True))
            yield named | self.values(having.get(labels, EMPTY), lacking.get(labels, EMPTY))


def persons_in(spread: Spread) -> int:
    """Count the persons of a cell."""
    return sum(spread.values())


def sum_of(spread: Spread) -> Fraction:
    """Add up the numbers of a cell."""
    return sum((Fraction(number) * count for number, count in spread.items()), Fraction(0))


def median_of(spread: Spread) -> Fraction | None:
    """Give the number in the middle."""
    numbers = [Fraction(number) for number, count in sorted(spread.items()) for _ in range(count)]
    return median(numbers) if numbers else None


def as_number(value: Fraction | None) -> float | None:
    """Write a fraction for JSON."""
    return None if value is None else float(value)


def _each(values: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple((one,) for one in values)


def _mean(id: str, figure: Figure, values: Sequence[str] = ()) -> Indicator:
    return Indicator(id, figure, ("persons",), _each(values) or ((),))


PLANS_BY_STATUS: Final = Indicator("plans-by-status", cells.PLANS, ("plans", "persons"), _each(PLAN_STATUSES))
OVERDUE: Final = Indicator("follow-ups-overdue", cells.FOLLOW_UPS_OVERDUE, ("follow_ups", "persons"))
COVERAGE: Final = Indicator(
    "fixed-contact-coverage",
    cells.CONTACT_HELD,
    ("with_contact", "population", "coverage"),
    _each(KINDS),
    cells.CONTACT_LACKED,
)
DURATION: Final = Indicator(
    "contact-duration",
    cells.CONTACT_BAND,
    ("contacts",),
    tuple((kind, band) for kind in KINDS for band in BAND_NAMES),
)
COC: Final = _mean("continuity-coc", cells.COC_INDEX)
COC_BY_PROFESSION: Final = _mean(
    "continuity-coc-profession", cells.COC_BY_PROFESSION, tuple(PROFESSIONS.values())
)
SIP_PROCESS: Final = Indicator(
    "sip-process", cells.SIP_YES, ("yes", "population", "share"), _each(QUESTIONS), cells.SIP_NO
)
INDICATORS: Final = (
    *(PLANS_BY_STATUS, OVERDUE, COVERAGE, DURATION, COC, COC_BY_PROFESSION),
    _mean("continuity-upc", cells.UPC_INDEX),
    _mean("continuity-secon", cells.SECON_INDEX),
    _mean("continuity-mmci", cells.MMCI_INDEX),
    _mean("continuity-k", cells.K_INDEX),
    _mean("staff-continuity", cells.STAFF_MET),
    SIP_PROCESS,
    _mean("sip-call-days", cells.CALL_DAYS),
    _mean("sip-attendance", cells.ATTENDANCE),
    _mean("sip-goals-reached", cells.GOALS_REACHED),
    _mean("resident-continuity", cells.REPORTED),
)
"""In the order they are told; each has its Measure (contracts/fhir/measure-*.json)."""
LIST_LOAD: Final = "list-load"
"""The one indicator that is about units and their doctors, and not about persons."""
