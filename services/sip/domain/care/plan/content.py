"""What each kind of plan holds while it runs: a table of checks; everything missing is told at once."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from services.sip.domain.care.context import CareContext
from services.sip.domain.care.plan.agreed import follow_up_date, what_matters
from services.sip.domain.care.plan.consent import consent_or_ground
from services.sip.domain.care.plan.facts import PlanFacts
from services.sip.domain.care.plan.kind import PlanKind
from services.sip.domain.care.plan.lss import yearly_review
from services.sip.domain.care.plan.responsibility import (
    actions_by_others,
    both_principals,
    interventions,
    interventions_of_both,
    overall_responsibility,
    owners,
)
from services.sip.domain.care.violation import Violation
from services.sip.domain.held import Resource

Check = Callable[[PlanFacts], Iterator[Violation]]

_OF_A_SIP: Final[tuple[Check, ...]] = (
    interventions,
    owners,
    actions_by_others,
    overall_responsibility,
    both_principals,
    interventions_of_both,
    follow_up_date,
    what_matters,
)
_CONTENT: Final[Mapping[PlanKind, tuple[Check, ...]]] = {
    PlanKind.SIP: _OF_A_SIP,
    PlanKind.DISCHARGE: _OF_A_SIP,
    PlanKind.LSS: (interventions, actions_by_others, yearly_review),
}
_NEEDS_CONSENT: Final = frozenset({PlanKind.SIP, PlanKind.DISCHARGE})


def missing_from(plan: Resource, kind: PlanKind, context: CareContext) -> Iterator[Violation]:
    """Name everything that a running plan of this kind lacks.

    Consent is asked of an active plan alone: a plan is put on hold, or ended, just because consent is gone.
    """
    yield from lacking_content(plan, kind, context)
    if kind in _NEEDS_CONSENT and plan.get("status") == "active":
        yield from consent_or_ground(PlanFacts(plan, kind, context))


def lacking_content(plan: Resource, kind: PlanKind, context: CareContext) -> Iterator[Violation]:
    """Name what a running plan lacks, consent apart."""
    facts = PlanFacts(plan, kind, context)
    for check in _CONTENT[kind]:
        yield from check(facts)
