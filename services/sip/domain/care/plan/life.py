"""A plan's life: when it may be active, how it ends, and that it stays the kind of plan it is."""

from collections.abc import Iterator, Mapping
from typing import Final

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.life_cycle import LifeCycle
from services.sip.domain.care.plan.content import missing_from
from services.sip.domain.care.plan.kind import PlanKind, kind_of
from services.sip.domain.care.reading import codes_in, extension
from services.sip.domain.care.team import author_shut_out
from services.sip.domain.care.violation import Violation
from services.sip.domain.codes import EXT_END_REASON, PLAN_END_REASON, PLAN_END_REASONS
from services.sip.domain.held import Resource

_ENDS: Final = frozenset({"completed", "revoked", "entered-in-error"})
LIFE: Final = LifeCycle(
    rule="plan-status",
    what="A plan",
    where="CarePlan.status",
    begins=frozenset({"draft", "active", "on-hold", "completed", "revoked"}),
    steps={
        "draft": frozenset({"draft", "active", "revoked", "entered-in-error"}),
        "active": frozenset({"active", "on-hold"}) | _ENDS,
        "on-hold": frozenset({"on-hold", "active"}) | _ENDS,
        "completed": frozenset({"entered-in-error"}),
        "revoked": frozenset({"entered-in-error"}),
    },
)
RUNNING: Final = frozenset({"active", "on-hold"})
LIVE: Final = frozenset({"draft", "active", "on-hold"})

_KIND_BASIS: Final[Mapping[PlanKind, str]] = {
    PlanKind.SIP: "HSL 16 kap. 4 §; SoL 10 kap. 8 §",
    PlanKind.DISCHARGE: "lag (2017:612) 4 kap. 2 §; HSL 16 kap. 4 §; SoL 10 kap. 8 §",
    PlanKind.LSS: "LSS 10 §",
}


def plan_rules(before: Resource | None, after: Resource, context: CareContext) -> Iterator[Violation]:
    """Judge one new version of a plan; a plan of a kind we do not know passes, once it is that kind."""
    kind = kind_of(after)
    yield from _kind_kept(before, kind)
    if kind is None:
        return
    yield from LIFE.broken_by(before, after)
    status = after.get("status")
    if status in RUNNING or (before is None and status == "completed"):
        yield from missing_from(after, kind, context)
    if status in {"completed", "revoked"}:
        yield from _end_reason(after)
    if status in LIVE:
        yield from author_shut_out(after, context)


def _kind_kept(before: Resource | None, kind: PlanKind | None) -> Iterator[Violation]:
    """Once past draft, a plan cannot leave its law by changing category."""
    was = kind_of(before) if before is not None and before.get("status") != "draft" else None
    if was is not None and was is not kind:
        yield Violation(
            "plan-kind-changed",
            f"This plan is a {was.value}; end it and write a new plan of the other kind.",
            "CarePlan.category",
            _KIND_BASIS[was],
        )


def _end_reason(plan: Resource) -> Iterator[Violation]:
    stated = extension(plan, EXT_END_REASON) or {}
    codes = codes_in(stated.get("valueCodeableConcept"), PLAN_END_REASON)
    if not set(codes) & set(PLAN_END_REASONS):
        yield Violation(
            "plan-end-reason",
            f"The plan ends without saying why; add the extension {EXT_END_REASON} with one of "
            f"{', '.join(PLAN_END_REASONS)}.",
            "CarePlan.extension",
            agreed("end_reason_required"),
        )
