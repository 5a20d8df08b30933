"""One person in the populations of a measure, for those who may see the person."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from services.sip.domain.care.reading import target
from services.sip.domain.held import Resource
from services.sip.measures.cells import Kind
from services.sip.measures.contributions import contribution
from services.sip.measures.indicators import INDICATORS, PLANS_BY_STATUS, Indicator
from services.sip.measures.person_rows import read_person
from services.sip.measures.reports import coded
from services.sip.use_cases.evaluate_measure import JudgedGroup


def judged(measure: str, resources: Sequence[Resource], at: datetime) -> list[JudgedGroup]:
    """Give the groups of a measure as its report has them; none for a measure that is not about persons."""
    indicator = next((one for one in INDICATORS if one.id == measure), None)
    if indicator is None:
        return []
    roles = {
        f"PractitionerRole/{one['id']}": whose
        for one in resources
        if one["resourceType"] == "PractitionerRole" and (whose := target(one.get("practitioner")))
    }
    numbers = contribution(read_person(resources, roles), at)
    figures = {indicator.figure.name, indicator.against.name if indicator.against else ""}
    own = [(cell, number) for cell, number in numbers.items() if cell.figure in figures]
    first = () if indicator is PLANS_BY_STATUS else indicator.figure.own[:1]
    values = dict.fromkeys(one[0] for one in indicator.combinations) if first else {"": None}
    return [
        JudgedGroup(
            coded(first[0], value) if first else None,
            *_populations(indicator, [(c.figure, n) for c, n in own if not first or c.labels[0] == value]),
        )
        for value in values
    ]


def _populations(indicator: Indicator, own: list[tuple[str, object]]) -> tuple[dict[str, int], float | None]:
    if indicator.against is not None:
        having = sum(figure == indicator.figure.name for figure, _ in own)
        return {"denominator": len(own), "numerator": having}, None
    if indicator.figure.kind is Kind.COUNT:
        return {"initial-population": int(sum(_numbers(own)))}, None
    score = next(_numbers(own), None)
    return {"measure-population": len(own)}, score


def _numbers(own: list[tuple[str, object]]) -> Iterator[float]:
    return (float(number) for _, number in own)  # type: ignore[arg-type]
