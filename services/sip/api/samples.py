"""Sample checks of the access log: drawn, read and decided about by the care giver's privacy officer."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field

from services.sip.api.dependencies import ThingId, ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.words import Asked, Moment, Shown, Text
from services.sip.api.wiring import Wiring
from services.sip.domain.log_sample import Looked, Rule, Verdict
from services.sip.use_cases.draw_sample import (
    SampleWish,
    decide_sample,
    draw_sample,
    read_sample,
    read_samples,
)
from services.sip.use_cases.sample_ports import Decision, Sample, Samples

router = APIRouter(prefix="/audit/samples", route_class=GuardedRoute, tags=["Access log"])
WHY = {
    "random": "slumpvis utvald",
    "same-surname": "samma efternamn som den hen såg uppgifter om",
    "own-colleague": "uppgifter om en kollega",
    "famous-person": "uppgifter om en känd person",
    "no-visit": "inget besök på enheten inom 30 dagar före eller efter",
}


class SampleAsked(Asked):
    """Which accesses, how they are chosen, and how many are looked at; by rule the newest that it finds."""

    rule: Rule = "random"
    from_: Moment = Field(alias="from")
    until: Moment
    size: Annotated[int, Field(ge=1, le=500)] = 25


class EntryShown(Shown):
    """One access, or all of one employee's at one unit to one person's record; `id` is the last: AuditEvent/<id>."""

    id: str
    at: datetime
    employee: str
    unit: str
    person: str
    times: int
    why: str


class DecisionAsked(Asked):
    """What was found; a later decision stands beside the earlier ones."""

    verdict: Verdict
    note: Text = Field(min_length=3, examples=["Samtliga hade vårdrelation. Ingen åtgärd."])


class DecisionShown(Shown):
    """Who decided what, when and why."""

    at: datetime
    by: str
    verdict: Verdict
    note: str


class SampleShown(Shown):
    """A documented sample. `population` is how many accesses (by rule: pairs of employee and person) there were."""

    id: str
    drawn: datetime
    by: str
    rule: Rule
    from_: datetime = Field(alias="from")
    until: datetime
    size: int
    population: int
    found: int
    entries: list[EntryShown]
    decisions: list[DecisionShown]


class SamplesShown(Shown):
    """The care giver's newest samples."""

    samples: list[SampleShown]


@router.post("", summary="Draw a sample of the access log", status_code=201)
async def draw(request: Request, asked: SampleAsked, desk: ThisDesk) -> SampleShown:
    """Draw a sample of the own care giver's log, at random or by a rule, and keep how it was drawn."""
    wish = SampleWish(asked.rule, asked.from_, asked.until, asked.size)
    return _shown(await draw_sample(wish, desk, _samples(request)))


@router.get("", summary="List samples of the access log")
async def listed(request: Request, desk: ThisDesk) -> SamplesShown:
    """Give the newest samples, with what was decided about each."""
    return SamplesShown(samples=[_shown(one) for one in await read_samples(desk, _samples(request))])


@router.get("/{id}", summary="Read a sample of the access log")
async def read(request: Request, id: ThingId, desk: ThisDesk) -> SampleShown:
    """Give one sample."""
    return _shown(await read_sample(id, desk, _samples(request)))


@router.post("/{id}/decisions", summary="Decide about a sample", status_code=201)
async def decide(request: Request, id: ThingId, asked: DecisionAsked, desk: ThisDesk) -> SampleShown:
    """Keep a decision with the sample."""
    return _shown(await decide_sample(id, asked.verdict, asked.note, desk, _samples(request)))


def _samples(request: Request) -> Samples:
    wiring: Wiring = request.app.state.wiring
    return wiring.samples


def _shown(sample: Sample) -> SampleShown:
    return SampleShown(
        id=sample.id, drawn=sample.drawn, by=sample.by, rule=sample.rule, until=sample.end, size=sample.size,
        population=sample.population, found=sample.found, **{"from": sample.start},
        entries=[_entry(one, WHY[sample.rule]) for one in sample.entries],
        decisions=[_decision(one) for one in sample.decisions],
    )  # fmt: skip


def _entry(one: Looked, why: str) -> EntryShown:
    return EntryShown(
        id=one.number,
        at=one.at,
        employee=one.employee,
        unit=one.unit,
        person=one.person,
        times=one.times,
        why=why,
    )


def _decision(one: Decision) -> DecisionShown:
    return DecisionShown(at=one.at, by=one.by, verdict=one.verdict, note=one.note)
