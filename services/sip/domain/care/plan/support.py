"""What a running plan stands on is not taken away beneath it: its Tasks, the answer to what matters.

A consent is another matter: the person withdraws it at any time, and what follows is in consequences.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from services.sip.domain.care.context import CareContext
from services.sip.domain.care.plan.content import lacking_content
from services.sip.domain.care.plan.kind import PlanKind, kind_of
from services.sip.domain.care.plan.life import RUNNING
from services.sip.domain.care.reading import of_type
from services.sip.domain.care.violation import Violation
from services.sip.domain.held import Resource

_SAYS_NO: Final = frozenset({"rejected", "failed"})
"""The owner declines, or could not: that is recorded whatever the plan then lacks, and the plan revised."""


def plan_still_stands(before: Resource | None, after: Resource, context: CareContext) -> Iterator[Violation]:
    """Refuse a change after which a running plan would newly lack what it must hold."""
    if before is None or after.get("status") in _SAYS_NO:
        return
    key = context.key_of(after)
    earlier = replace(context, person={**context.person, key: before})
    for plan_key, plan in of_type(context.person, "CarePlan"):
        kind = kind_of(plan)
        if kind is not None and plan.get("status") in RUNNING:
            yield from _newly_lacking(plan_key, plan, kind, (earlier, context), after["resourceType"])


def _newly_lacking(
    plan_key: str, plan: Resource, kind: PlanKind, times: tuple[CareContext, CareContext], where: str
) -> Iterator[Violation]:
    was, would_be = (list(lacking_content(plan, kind, context)) for context in times)
    known = {(one.rule, one.where) for one in was}
    for lack in would_be:
        if (lack.rule, lack.where) not in known:
            yield Violation(
                lack.rule,
                f"{plan_key} runs and stands on this. {lack.text} Or end the plan first.",
                where,
                lack.basis,
            )
