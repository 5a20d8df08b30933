"""The four things both laws say a SIP shows: interventions, who answers for each, others' actions, over all.

HSL 16 kap. 4 §, SoL 10 kap. 8 §; for a plan at discharge through lag (2017:612) 4 kap. 2 §.
"""

from collections.abc import Iterator
from typing import Final

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.parties import PRINCIPALS, principals_of, unit_behind
from services.sip.domain.care.plan.facts import PlanFacts
from services.sip.domain.care.reading import extension, target
from services.sip.domain.care.violation import Violation
from services.sip.domain.codes import EXT_NO_ACTIONS_BY_OTHERS, TASK_ACTION_BY_OTHER, TASK_INTERVENTION

_NAMES: Final = {"region": "the region", "municipality": "the municipality"}


def interventions(facts: PlanFacts) -> Iterator[Violation]:
    """Point 1: the interventions that are needed."""
    if not any(facts.tasks(TASK_INTERVENTION)):
        yield Violation(
            "plan-interventions",
            "The plan names no intervention; add a Task with code intervention for each and refer to it from "
            "an activity.",
            "CarePlan.activity",
            facts.law(1),
        )


def owners(facts: PlanFacts) -> Iterator[Violation]:
    """Point 2: which huvudman answers for each intervention."""
    for planned in facts.tasks(TASK_INTERVENTION):
        owner = target(planned.task.get("owner"))
        if not principals_of(unit_behind(owner, facts.context), facts.context):
            found = f"{owner} leads to no region or municipality" if owner else "it has no owner"
            yield Violation(
                "plan-intervention-owner",
                f"Nobody can see which huvudman answers for {planned.key}: {found}; let Task.owner be the "
                "unit that answers, known in the directory with its region or municipality above it.",
                planned.where,
                facts.law(2),
            )


def actions_by_others(facts: PlanFacts) -> Iterator[Violation]:
    """Point 3: what others than region and municipality do, or that it was asked and there is nothing."""
    named = any(facts.tasks(TASK_ACTION_BY_OTHER))
    none_stated = states_no_actions_by_others(facts)
    if named == none_stated:
        text = (
            "The plan states that others do nothing and yet names what others do; remove the extension "
            if named
            else "The plan does not say what others than region and municipality do; add Tasks with code "
            "action-by-other or, when asked and there is nothing, the extension "
        )
        yield Violation(
            "plan-actions-by-others", f"{text}{EXT_NO_ACTIONS_BY_OTHERS}.", "CarePlan.activity", facts.law(3)
        )


def states_no_actions_by_others(facts: PlanFacts) -> bool:
    """Tell whether the plan states that others were asked about and do nothing."""
    stated = extension(facts.plan, EXT_NO_ACTIONS_BY_OTHERS)
    return stated is not None and stated.get("valueBoolean") is True


def overall_responsibility(facts: PlanFacts) -> Iterator[Violation]:
    """Point 4: which huvudman answers over all."""
    author = target(facts.plan.get("author"))
    if not principals_of(unit_behind(author, facts.context), facts.context):
        found = f"{author} leads to no region or municipality" if author else "there is no author"
        yield Violation(
            "plan-overall-responsibility",
            f"Nobody can see who answers over all: {found}; let CarePlan.author be the unit or role that "
            "does, known in the directory with its region or municipality above it.",
            "CarePlan.author",
            facts.law(4),
        )


def both_principals(facts: PlanFacts) -> Iterator[Violation]:
    """Region and municipality make the plan together."""
    present = {one for unit in parties(facts) for one in principals_of(unit, facts.context)}
    for principal in PRINCIPALS:
        if principal not in present:
            yield Violation(
                "plan-both-principals",
                f"{_NAMES[principal].capitalize()} is no party to the plan, and the two make it together; "
                "name its unit in CarePlan.contributor.",
                "CarePlan.contributor",
                facts.law(),
            )


def interventions_of_both(facts: PlanFacts) -> Iterator[Violation]:
    """Each of the two answers for something; told only once every owner is known."""
    planned = list(facts.tasks(TASK_INTERVENTION))
    answering = [
        principals_of(unit_behind(target(one.task.get("owner")), facts.context), facts.context)
        for one in planned
    ]
    if not answering or not all(answering):
        return
    for principal in PRINCIPALS:
        if not any(principal in one for one in answering):
            yield Violation(
                "plan-interventions-of-both",
                f"{_NAMES[principal].capitalize()} answers for no intervention, and a plan coordinates what "
                "both do; add what it does, or agree otherwise.",
                "CarePlan.activity",
                agreed("interventions_from_both_principals"),
            )


def parties(facts: PlanFacts) -> list[str]:
    """Give the units that take part, each once, as Organization keys: author, contributors, owners."""
    plan, context = facts.plan, facts.context
    named = [plan.get("author"), *plan.get("contributor", ())]
    named += [planned.task.get("owner") for planned in facts.tasks(TASK_INTERVENTION)]
    units = (unit_behind(target(one), context) for one in named)
    return list(dict.fromkeys(unit for unit in units if unit))
