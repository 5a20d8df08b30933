"""Plans as their systems would write them: drafted whole, then activated, followed up, ended, step by step."""

from typing import NamedTuple

from services.demo.county import codes
from services.demo.county.cases import Case, unit_for
from services.demo.county.fhir import Entry, Resource, at, change, concept, create
from services.demo.county.plan_calls import call, invitation, meeting, outcome
from services.demo.county.plan_parts import (
    by,
    consent,
    deeds,
    follow_up,
    goal,
    named,
    needs,
    relative,
    task,
    team,
    to,
    unit_ref,
    what_matters,
)
from services.demo.county.stories import CATEGORIES
from services.demo.county.units import Unit


class Step(NamedTuple):
    """One transaction: what happens, the unit whose system writes it, and its entries."""

    what: str
    by: Unit
    entries: list[Entry]


def steps(case: Case) -> list[Step]:
    """Give the transactions that bring a case's plan to its status, in order."""
    if case.story.category == "foreign":
        return [_by_author(case, "of another kind", create(named(case, "plan"), foreign_plan(case)))]
    drafted = _by_author(case, "drafted", *_everything(case))
    activated = _by_author(case, "activated", _plan_becomes(case, "active"))
    ended = _by_author(case, case.status, _plan_becomes(case, case.status))
    later: dict[str, list[Step]] = {
        "draft": [],
        "entered-in-error": [ended],
        "active": [activated],
        "on-hold": [activated, ended],
        "completed": [activated, *_followed_up(case), ended],
        "revoked": [activated, _by_author(case, "revoked", *_revoked(case))],
    }
    return [drafted, *later[case.status]]


def plan(case: Case, status: str) -> Resource:
    """The CarePlan itself, as it stands in one status."""
    category, words = CATEGORIES[case.story.category]
    ended = {"end": at(case.timeline.ended, 15)} if case.timeline.ended and status == case.status else {}
    extensions = _extensions(case, status)
    return {
        "resourceType": "CarePlan",
        **({"extension": extensions} if extensions else {}),
        "status": status,
        "intent": "plan",
        "category": [concept(category, words)],
        "title": case.story.title,
        "subject": case.resident.ref(),
        "period": {"start": at(case.timeline.called, 11), **ended},
        "created": at(case.timeline.called, 11),
        "author": by(case.author),
        "contributor": [unit_ref(unit_for(kind, case.resident)) for kind in case.story.parties],
        "careTeam": [to(case, "team")],
        "addresses": [to(case, "need", number) for number in range(len(case.story.needs))],
        "supportingInfo": [to(case, "what-matters"), *([to(case, "consent")] if case.has_consent else [])],
        "goal": [to(case, "goal", number) for number in range(len(case.story.goals))],
        "activity": [{"reference": reference} for reference in _activities(case)],
    }


def foreign_plan(case: Case) -> Resource:
    """A plan of a kind that is not ours: it has no team, no consent of its own, and no tasks."""
    category, words = CATEGORIES[case.story.category]
    return {
        "resourceType": "CarePlan",
        "status": case.status,
        "intent": "plan",
        "category": [concept(category, words)],
        "title": case.story.title,
        "description": " ".join([*case.story.needs, case.story.voices[0]]),
        "subject": case.resident.ref(),
        "period": {"start": at(case.timeline.called, 11)},
        "author": by(case.author),
        "activity": [
            {"detail": {"status": "in-progress", "description": case.say(one.text)}} for one in deeds(case)
        ],
    }


def _activities(case: Case) -> list[dict[str, str]]:
    """A draft has not agreed on its follow-up yet."""
    tasks = [to(case, "task", number) for number in range(len(deeds(case)))]
    return tasks if case.status == "draft" else [*tasks, to(case, "follow-up")]


def _extensions(case: Case, status: str) -> list[Resource]:
    written: list[Resource] = []
    if not case.story.others:
        written.append({"url": codes.EXT_NO_ACTIONS_BY_OTHERS, "valueBoolean": True})
    if not case.has_consent:
        text = (
            "Barnet motsätter sig; uppgifterna behövs för nödvändig vård och stöd."
            if case.story.ground == "child-necessary-care"
            else "Kan på grund av sjukdomen inte ta ställning till samtycke; inget talar för att personen är emot."
        )
        ground = concept((codes.LAWFUL_GROUND, case.story.ground), text)
        written.append({"url": codes.EXT_LAWFUL_GROUND, "valueCodeableConcept": ground})
    if status == case.status and status in {"completed", "revoked"}:
        reason = concept((codes.PLAN_END_REASON, case.story.end if status == "revoked" else "goals-reached"))
        written.append({"url": codes.EXT_END_REASON, "valueCodeableConcept": reason})
    return written


def _everything(case: Case) -> list[Entry]:
    """The whole content of a plan and the draft that holds it together."""
    entries = [*needs(case), what_matters(case), *relative(case)]
    if case.has_consent:
        entries.append(create(named(case, "consent"), consent(case)))
    entries.append(team(case))
    entries += [create(named(case, "goal", at_), goal(case, at_)) for at_ in range(len(case.story.goals))]
    entries += [create(named(case, "task", at_), task(case, at_)) for at_ in range(len(deeds(case)))]
    if case.status != "draft":
        entries.append(create(named(case, "follow-up"), follow_up(case)))
    entries += [call(case), *invitation(case), meeting(case)]
    return [*entries, create(named(case, "plan"), plan(case, "draft"))]


def _plan_becomes(case: Case, status: str) -> Entry:
    return change(named(case, "plan"), plan(case, status))


def _followed_up(case: Case) -> list[Step]:
    """Before the plan is closed, everybody says in their own system that what they were to do is done."""
    done: dict[Unit, list[Entry]] = {}
    for at_, deed in enumerate(deeds(case)):
        owner = unit_for(deed.by, case.resident) if deed.by in case.story.parties else case.author.unit
        entry = change(named(case, "task", at_), task(case, at_, done=True))
        done.setdefault(owner, []).append(entry)
    own = done.setdefault(case.author.unit, [])
    own.append(change(named(case, "follow-up"), follow_up(case, done=True)))
    own += [
        change(named(case, "goal", at_), goal(case, at_, reached=True))
        for at_ in range(len(case.story.goals))
    ]
    own.append(outcome(case))
    return [Step("followed up", unit, entries) for unit, entries in done.items()]


def _revoked(case: Case) -> list[Entry]:
    """When consent is withdrawn, the plan ends in the same moment as the consent."""
    entries = [_plan_becomes(case, "revoked")]
    if case.story.end == "consent-withdrawn" and case.has_consent:
        entries.append(change(named(case, "consent"), consent(case, withdrawn=True)))
    return entries


def _by_author(case: Case, what: str, *entries: Entry) -> Step:
    return Step(what, case.author.unit, list(entries))
