"""How far a write reaches: whether rules, or who may read, look beyond what the resource itself refers to.

Most of what is written concerns only itself: a need noted, a goal worded, a draft that nobody else sees yet. Only where
that is certain is the rest of the person's record left unread; in every doubt the whole record is looked at.
"""

from typing import Any, Final

from services.sip.domain import codes
from services.sip.domain.held import Resource
from services.sip.domain.resource_types import TYPES, Kind, references_at

LOCAL_WHEN_UNCHANGED: Final = frozenset({"Goal", "Condition", "Encounter"})
"""Types that no rule judges by the rest of the record; their readers follow from what they belong to."""


def reaches_whole_record(before: Resource | None, after: Resource) -> bool:
    """Tell whether storing `after` in place of `before` (None: new) may concern the person's other resources."""
    row = TYPES[after["resourceType"]]
    if row.kind is not Kind.PERSON or not row.whole_record:
        return False
    if row.name == "CarePlan":
        return not (_unshared_draft(after) and (before is None or _unshared_draft(before)))
    if before is None:
        alone = row.name in {"Goal", "Condition", "Observation"}
        return not alone or bool(references_at(after, *row.belongs, *row.addressees))
    return row.name not in LOCAL_WHEN_UNCHANGED or _ties(before) != _ties(after)


def _unshared_draft(plan: Resource) -> bool:
    """A draft without a team is its own unit's alone, and no rule of content looks at it yet.

    With activities it is not: what it may be found by depends on who carries them out.
    """
    grounds = (one.get("url") for one in plan.get("extension", []))
    further = {"careTeam", "activity"} & plan.keys()
    return plan.get("status") == "draft" and not further and codes.EXT_LAWFUL_GROUND not in grounds


def _ties(resource: Resource) -> tuple[Any, ...]:
    row = TYPES[resource["resourceType"]]
    return tuple(references_at(resource, *row.belongs, *row.addressees))
