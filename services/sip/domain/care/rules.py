"""Which rules judge which type, and the one question asked of them all."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from services.sip.domain.care.agreed_practice import is_switched_off
from services.sip.domain.care.consent.life import consent_rules
from services.sip.domain.care.contact.facts import is_fixed_contact
from services.sip.domain.care.contact.life import contact_rules, stays_a_contact
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.discharge import notice_rules
from services.sip.domain.care.goal import goal_rules
from services.sip.domain.care.patient import patient_rules
from services.sip.domain.care.plan.life import plan_rules
from services.sip.domain.care.plan.support import plan_still_stands
from services.sip.domain.care.reading import has_code
from services.sip.domain.care.record import of_one_person
from services.sip.domain.care.task.life import task_rules
from services.sip.domain.care.team import team_rules
from services.sip.domain.care.violation import Violation
from services.sip.domain.care.what_matters import what_matters_rules
from services.sip.domain.codes import PLAN_TEAM
from services.sip.domain.held import Resource

Rule = Callable[[Resource | None, Resource, CareContext], Iterator[Violation]]


def violations(before: Resource | None, after: Resource, context: CareContext) -> list[Violation]:
    """Name every rule of care and law that storing `after` in place of `before` (None: new) would break.

    `after` has passed the shape check; an empty list means that it may be stored.
    """
    found = list(of_one_person(before, after, context))
    for rule in _RULES.get(after["resourceType"], ()):
        found.extend(rule(before, after, context))
    return [one for one in found if not is_switched_off(one.basis, context.agreed)]


def _care_team(before: Resource | None, after: Resource, context: CareContext) -> Iterator[Violation]:
    """A fixed contact and a plan's team are both CareTeams; one of another category is stored as it is."""
    yield from stays_a_contact(before, after)
    if is_fixed_contact(after):
        yield from contact_rules(before, after, context)
    elif has_code(after.get("category"), PLAN_TEAM) or has_code((before or {}).get("category"), PLAN_TEAM):
        yield from team_rules(before, after, context)


_RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "Patient": (patient_rules,),
    "CarePlan": (plan_rules,),
    "CareTeam": (_care_team,),
    "Goal": (goal_rules,),
    "Task": (task_rules, plan_still_stands),
    "Observation": (what_matters_rules, plan_still_stands),
    "Consent": (consent_rules,),
    "Communication": (notice_rules,),
}
