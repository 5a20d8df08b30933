"""What must not be a search term: PDL 2 kap. 8 § keeps social-service interventions from being searched as such.

https://lagen.nu/2008:355#K2P8: that somebody has an intervention of the social services may stand in the record,
but nobody may search for it there. So a Task that a social-service unit owns is found by the person, its status and
its id alone, by its owner only within that unit; and a plan is not found through such a Task.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from services.sip.domain.codes import SOCIAL_SERVICE_UNIT_KINDS, UNIT_KIND
from services.sip.domain.held import Directory, Record, Resource
from services.sip.domain.resource_types import references_at, values_at

OPEN_PARAMS: Final = frozenset({"patient", "status"})
"""What such a Task is found by, beside _id and _lastUpdated; `owner` only within the unit itself."""
PLAN_PARAMS: Final = frozenset({"activity-code", "activity-date", "activity-reference", "performer"})
"""What tells of a plan's activities."""
_UPWARDS: Final = {
    "Organization": "partOf",
    "PractitionerRole": "organization",
    "HealthcareService": "providedBy",
}
_DEEPEST: Final = 4


@dataclass(frozen=True, slots=True)
class SocialService:
    """What belongs to the social services: rows of the directory with their unit's HSA-id, and their Tasks."""

    units: Mapping[str, str | None] = field(default_factory=dict)
    tasks: frozenset[str] = frozenset()

    def owner_of(self, task: Resource) -> str | None:
        """Give the reference to the owner if that is social-service."""
        return next((key for key in references_at(task, "owner") if key in self.units), None)

    def keeps(self, activity: Resource) -> bool:
        """Say whether an activity of a plan is theirs."""
        theirs = self.tasks | self.units.keys()
        return not theirs.isdisjoint(references_at(activity, "reference", "detail.performer"))


def social_service(record: Record, directory: Directory) -> SocialService:
    """Find what is theirs among a person's record and the directory it speaks of."""
    units = {key: held.place.unit for key, held in directory.items() if _is_social(key, directory, _DEEPEST)}
    tasks = frozenset(
        key
        for key, held in record.items()
        if held.type == "Task" and not units.keys().isdisjoint(references_at(held.resource, "owner"))
    )
    return SocialService(units, tasks)


def _is_social(key: str, directory: Directory, deepest: int) -> bool:
    """A unit says its own kind; a role, a service or a part of a unit is of the kind of what it belongs to."""
    if key not in directory or not deepest:
        return False
    row = directory[key]
    codings = [one for one in values_at(row.resource, "type.coding") if one.get("system") == UNIT_KIND]
    if row.type == "Organization" and codings:
        return any(one.get("code") in SOCIAL_SERVICE_UNIT_KINDS for one in codings)
    above = references_at(row.resource, _UPWARDS.get(row.type, "partOf"))
    return any(_is_social(one, directory, deepest - 1) for one in above)
