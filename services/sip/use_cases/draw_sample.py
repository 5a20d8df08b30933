"""Drawing a sample of the care giver's own access log, at random or by a rule, and deciding about it; all on record."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest, NotAllowed, NotFound, TooCostly
from services.sip.domain.log_sample import (
    AFTER,
    BEFORE,
    LONGEST,
    Looked,
    Rule,
    Verdict,
    full_names,
    is_famous,
    is_own_colleague,
    same_surname,
)
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.log_reader import LOG_CONTROL, log_reader
from services.sip.use_cases.ports import Access
from services.sip.use_cases.read_resource import check_whole_scope
from services.sip.use_cases.sample_ports import Decision, Sample, Samples

MOST_LOOKS: Final = 200_000
"""Pairs of employee and person that one check by rule goes through; a shorter time has fewer."""
NEWEST: Final = 100


@dataclass(frozen=True, slots=True)
class SampleWish:
    """By which rule, from when until when, how many at most."""

    rule: Rule
    start: datetime
    end: datetime
    size: int


async def draw_sample(wish: SampleWish, desk: Desk, samples: Samples) -> Sample:
    """Draw, keep and give a sample; raises NotAllowed, BadRequest, TooCostly."""
    giver = await _controlled(desk, f"sample: {wish.rule}")
    _check_time(wish, desk.asking.now)
    span = wish.start, wish.end
    if wish.rule == "random":
        population, entries = await samples.at_random(giver, span, wish.size)
        found = len(entries)
    else:
        population, hits = await _by_rule(wish, giver, samples)
        found, entries = len(hits), sorted(hits, key=lambda one: one.at, reverse=True)[: wish.size]
    caller = desk.asking.caller
    sample = Sample(
        desk.policy.new_id(), giver, desk.asking.now, caller.employee or caller.subject, wish.rule, *span, wish.size,
        population, found, entries,
    )  # fmt: skip
    await samples.keep(sample)
    return sample


async def read_samples(desk: Desk, samples: Samples) -> Sequence[Sample]:
    """Give the care giver's newest samples; raises NotAllowed."""
    return await samples.samples(await _controlled(desk, "samples"), NEWEST)


async def read_sample(number: str, desk: Desk, samples: Samples) -> Sample:
    """Give one of the care giver's samples; raises NotAllowed, NotFound."""
    found = await samples.sample(number, await _controlled(desk, f"sample {number}"))
    if found is None:
        raise _no_such(number)
    return found


async def decide_sample(number: str, verdict: Verdict, note: str, desk: Desk, samples: Samples) -> Sample:
    """Keep what was decided about a sample, beside what was decided before; raises NotAllowed, NotFound."""
    giver = await _controlled(desk, f"sample {number}: {verdict}")
    caller = desk.asking.caller
    decision = Decision(desk.asking.now, caller.employee or caller.subject, verdict, note)
    if not await samples.decide(number, giver, decision):
        raise _no_such(number)
    return await read_sample(number, desk, samples)


async def _controlled(desk: Desk, what: str) -> str:
    """Give whose log is controlled, the look on record; raises NotAllowed for whoever does not control it."""
    asking = desk.asking
    await check_whole_scope("AuditEvent", "s", asking, desk.store)
    whose = log_reader(asking.caller)
    allowed = whose is not None and whose.giver is not None
    row = Access(
        asking.now, asking.caller, "E", "AuditEvent", None, [], allowed=allowed,
        reason="log control" if allowed else "not the privacy officer", request_id=asking.request_id, query=what,
    )  # fmt: skip
    await desk.store.log.record([row])
    if whose is None or whose.giver is None:
        text = f"Samples of the log are drawn by staff on the assignment «{LOG_CONTROL}»."
        raise NotAllowed(Told("forbidden", text))
    return whose.giver


def _check_time(wish: SampleWish, now: datetime) -> None:
    if not wish.start < wish.end or wish.end - wish.start > LONGEST:
        text = f"A sample is of a time that begins before it ends, at most {LONGEST.days} days."
        raise BadRequest(Told("value", text, "/until"))
    if wish.start > now:
        raise BadRequest(Told("value", "That time has not come yet; nobody has looked in it.", "/from"))


async def _by_rule(wish: SampleWish, giver: str, samples: Samples) -> tuple[int, list[Looked]]:
    """Give how many pairs of employee and person there were, and those that the rule finds."""
    population, hits = 0, list[Looked]()
    rule = await _RULES[wish.rule](giver, samples)
    async for looks in samples.looks(giver, (wish.start, wish.end)):
        population += len(looks)
        if population > MOST_LOOKS:
            text = "So many accesses are more than one check goes through: choose a shorter time."
            raise TooCostly(Told("too-costly", text, "/until"))
        hits += await rule(looks)
    return population, hits


Sieve = Callable[[Sequence[Looked]], Awaitable[list[Looked]]]


async def _same_surname(_giver: str, samples: Samples) -> Sieve:
    async def sieve(looks: Sequence[Looked]) -> list[Looked]:
        people = await samples.people({one.person for one in looks})
        staff = await samples.staff({one.employee for one in looks})
        return [one for one in looks if same_surname(staff.get(one.employee, {}), people.get(one.person, {}))]

    return sieve


async def _own_colleague(giver: str, samples: Samples) -> Sieve:
    names = {name for one in await samples.staff_of(giver) for name in full_names(one)}

    async def sieve(looks: Sequence[Looked]) -> list[Looked]:
        people = await samples.people({one.person for one in looks})
        return [one for one in looks if is_own_colleague(people.get(one.person, {}), names)]

    return sieve


async def _famous(_giver: str, samples: Samples) -> Sieve:
    async def sieve(looks: Sequence[Looked]) -> list[Looked]:
        people = await samples.people({one.person for one in looks})
        return [one for one in looks if is_famous(people.get(one.person, {}))]

    return sieve


async def _no_visit(_giver: str, samples: Samples) -> Sieve:
    async def sieve(looks: Sequence[Looked]) -> list[Looked]:
        return [one for one in looks if not await samples.visited(one, one.at - BEFORE, one.at + AFTER)]

    return sieve


_RULES: Final[Mapping[str, Callable[[str, Samples], Awaitable[Sieve]]]] = {
    "same-surname": _same_surname,
    "own-colleague": _own_colleague,
    "famous-person": _famous,
    "no-visit": _no_visit,
}


def _no_such(number: str) -> NotFound:
    return NotFound(Told("not-found", f"There is no sample {number} of your care giver's log."))
