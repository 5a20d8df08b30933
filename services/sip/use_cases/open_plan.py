"""A plan opened for a change: the writer may see it, says which version is meant, and all goes in as one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from services.sip.domain.building.joining import joining
from services.sip.domain.building.plan import with_references
from services.sip.domain.building.scribe import Scribe
from services.sip.domain.building.team import Member, joined
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.parties import unit_behind
from services.sip.domain.care.reading import has_code, target
from services.sip.domain.codes import TASK_FOLLOW_UP
from services.sip.domain.held import Held, Resource
from services.sip.domain.resource_types import references_at
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_scribe import find_scribe
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.read_plan import WholePlan, check_plan_scopes, look_at_plan
from services.sip.use_cases.write_once import Changed, write_once

OVER: Final = frozenset({"completed", "cancelled", "rejected", "failed", "entered-in-error"})


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """The plan (`CarePlan/id`) and the version of it that the caller has seen."""

    key: str
    version: int


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """A plan with its parts, and who is about to change it."""

    whole: WholePlan
    expected: int
    scribe: Scribe
    desk: Desk

    @property
    def key(self) -> str:
        """Give `CarePlan/id`."""
        return self.whole.plan.key

    @property
    def resource(self) -> Resource:
        """Give the CarePlan as it stands."""
        return self.whole.plan.resource

    def referred(self, *paths: str) -> list[Held]:
        """Give the parts that the plan refers to there, as far as the writer may see them."""
        keys = references_at(self.resource, *paths)
        return [self.whole.parts[key] for key in keys if key in self.whole.parts]

    def next_follow_up(self) -> Held | None:
        """Give the open follow-up with the earliest date."""
        planned = [
            one
            for one in self.referred("activity.reference")
            if has_code(one.resource.get("code"), TASK_FOLLOW_UP) and one.resource.get("status") not in OVER
        ]
        return min(planned, key=_due, default=None)

    def over_all(self) -> str:
        """Give the Organization that answers over all; the writer's where nobody else does."""
        context = CareContext(self.scribe.now, {}, self.whole.directory)
        return unit_behind(target(self.resource.get("author")), context) or self.scribe.unit

    def with_parties(
        self, plan: Resource, members: Sequence[Member], units: Iterable[str]
    ) -> tuple[Resource, list[Changed]]:
        """Let members and units (Organizations) take part: in the plan's contributors and in its team."""
        wanted = [*(one.unit for one in members), *units]
        plan = with_references(plan, "contributor", wanted)
        teams = [held for held in self.referred("careTeam") if held.resource.get("status") == "active"]
        if not teams:
            return plan, []
        new = joining(teams[0].resource, members, wanted, self.whole.directory, self.scribe)
        larger = joined(teams[0].resource, new, self.scribe)
        return plan, [(larger, teams[0].version)] if new else []

    async def save(
        self, plan: Resource, new: Sequence[Resource] = (), changed: Iterable[Changed] = ()
    ) -> Stored:
        """Write the plan's next version with what is new and changed beside it."""
        return await write_once(new, [*changed, (plan, self.expected)], self.desk)


def _due(task: Held) -> str:
    return str(task.resource.get("restriction", {}).get("period", {}).get("end", ""))


async def open_plan(plan: PlanVersion, desk: Desk) -> OpenPlan:
    """Give it; raises NotFound, ScopeTooNarrow, NotAllowed."""
    await check_plan_scopes(desk)
    whole = await look_at_plan(plan.key, desk)
    return OpenPlan(whole, plan.version, await find_scribe(whole.plan.patient or "", desk), desk)
