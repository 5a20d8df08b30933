"""Evaluate a Measure: the day's stored report for all, or anew for the persons whom the caller may see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson

from services.chassis.outcome import Told
from services.sip.domain.errors import NotFound, TooCostly
from services.sip.domain.held import Resource
from services.sip.domain.search_query import SearchQuery
from services.sip.use_cases.measure_ports import FiguresStore
from services.sip.use_cases.ports import Asking, Store, Stored
from services.sip.use_cases.read_everything import Wanted, read_person
from services.sip.use_cases.read_resource import check_scope, read_resource
from services.sip.use_cases.search_resources import search_resources

MOST_SUBJECTS: Final = 50
"""Every person listed is read whole, and each look is on record."""


@dataclass(frozen=True, slots=True)
class JudgedGroup:
    """What one person is in one group of a measure: how often in each population, and the person's own score."""

    code: Mapping[str, Any] | None
    populations: Mapping[str, int]
    score: float | None = None


@dataclass(frozen=True, slots=True)
class JudgedPerson:
    """One person as the caller may see them, judged; `evaluated` are the resources looked at."""

    key: str
    groups: Sequence[JudgedGroup]
    evaluated: Sequence[str] = field(default_factory=tuple)


Judge = Callable[[str, Sequence[Resource], datetime], Sequence[JudgedGroup]]
"""From a measure's id, a person's resources and a moment: what the person is in each group."""


@dataclass(frozen=True, slots=True)
class Judging:
    """What to judge people by: the measure, the moment, and what tells."""

    measure: str
    at: datetime
    judge: Judge


async def stored_report(
    measure: str, day: str | None, asking: Asking, store: Store, figures: FiguresStore
) -> Stored:
    """Give the report of a day, or the newest; NotFound says which is the newest."""
    await check_scope("MeasureReport", "r", asking, store)
    await read_resource(f"Measure/{measure}", asking, store)
    kept = await figures.latest()
    newest: str | None = orjson.loads(kept.exact)["computed"][:10] if kept else None
    day = day or newest
    try:
        return await read_resource(f"MeasureReport/{measure}-{day}", asking, store)
    except NotFound:
        told = f"; the newest is of {newest}" if newest else ", and no figures have been computed yet"
        text = f"There is no report of {measure} with periodEnd {day}{told}."
        raise NotFound(Told("not-found", text, "http.periodEnd")) from None


async def judge_person(judging: Judging, person: str, asking: Asking, store: Store) -> JudgedPerson:
    """Judge one person by what the caller may see; NotFound when that is nothing."""
    await check_scope("MeasureReport", "r", asking, store)
    await read_resource(f"Measure/{judging.measure}", asking, store)
    found = await read_person(person, Wanted(), asking, store)
    resources = [orjson.loads(one.body) for one in found]
    own = [one.key for one in found if one.patient == person]
    return JudgedPerson(person, judging.judge(judging.measure, resources, judging.at), own)


async def judge_people(judging: Judging, asking: Asking, store: Store) -> list[JudgedPerson]:
    """Judge everybody whom the caller may see; TooCostly when they are too many to read one by one."""
    await check_scope("MeasureReport", "r", asking, store)
    page = await search_resources(SearchQuery("Patient", (), count=MOST_SUBJECTS + 1), asking, store)
    if len(page.hits) > MOST_SUBJECTS:
        text = f"More than {MOST_SUBJECTS} persons are yours to see; ask for one at a time, with subject."
        raise TooCostly(Told("too-costly", text, "http.reportType"))
    return [await judge_person(judging, hit.key, asking, store) for hit in page.hits]
