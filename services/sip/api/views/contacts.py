"""Fixed contacts as plain JSON."""

from datetime import date, datetime, time

from services.sip.api.models.contacts import Contact
from services.sip.api.views.places import Directory, staff_of
from services.sip.domain.building.contact import KINDS
from services.sip.domain.care.reading import codes_in, has_code
from services.sip.domain.codes import CONTACT_CHANGE_REASON
from services.sip.domain.held import Resource
from services.sip.domain.moments import SWEDEN, span_of_period


def contact_view(team: Resource, directory: Directory) -> Contact:
    """Tell of a fixed contact."""
    participant: Resource = next(iter(team.get("participant", ())), {})
    kind, text = next(
        ((slug, words) for slug, (code, words) in KINDS.items() if has_code(participant.get("role"), code)),
        (None, None),
    )
    period = team.get("period", {})
    return Contact(
        id=team["id"],
        kind=kind,
        kind_text=text,
        holder=staff_of(participant.get("member"), directory),
        status=team.get("status", ""),
        from_=period.get("start"),
        until=period.get("end"),
        reason=next(iter(codes_in(team.get("reasonCode"), CONTACT_CHANGE_REASON)), None),
    )


def held_on(team: Resource, day: date) -> bool:
    """Tell whether it held at any time of that day in Sweden."""
    if team.get("status") not in {"active", "inactive"}:
        return False
    start, end = span_of_period(team.get("period"))
    first = datetime.combine(day, time(), SWEDEN)
    last = datetime.combine(day, time.max, SWEDEN)
    return start <= last and first < end
