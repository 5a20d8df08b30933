"""Who has yet to join a plan's team: new members, and units that answer for something without taking part."""

from collections.abc import Iterable, Mapping

from services.sip.domain.building.scribe import Scribe
from services.sip.domain.building.team import Member
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.parties import unit_behind
from services.sip.domain.held import Resource
from services.sip.domain.moments import span_of_period
from services.sip.domain.resource_types import references_at


def joining(
    team: Resource,
    members: Iterable[Member],
    units: Iterable[str],
    directory: Mapping[str, Resource],
    scribe: Scribe,
) -> list[Member]:
    """Give whom to add; `units` (Organizations) come in as such where nobody of theirs is a member."""
    context = CareContext(scribe.now, {}, directory)
    present = [key for one in _present(team, scribe) for key in references_at(one, "member")]
    new = [one for one in members if one.key not in present]
    represented = {unit_behind(key, context) for key in present} | {one.unit for one in new}
    return [*new, *(Member(unit, unit) for unit in dict.fromkeys(units) if unit not in represented)]


def _present(team: Resource, scribe: Scribe) -> list[Resource]:
    return [one for one in team.get("participant", ()) if span_of_period(one.get("period"))[1] > scribe.now]
