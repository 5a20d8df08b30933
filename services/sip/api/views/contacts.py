"""Fixed contacts as plain JSON."""

from collections.abc import Mapping
from typing import Any

from services.sip.api.models.contact_words import ShownHandover, ShownHours, ShownWay, Step
from services.sip.api.models.contacts import Contact, Gap
from services.sip.api.views.places import Directory, staff_of, unit_of
from services.sip.domain.care.contact.codes import (
    ENDED,
    EXT_FOLLOWS,
    EXT_GAP,
    EXT_HANDOVER,
    EXT_HOURS,
    EXT_STANDS_IN_FOR,
    EXT_VIA_TEAM,
    PASSED_ON,
)
from services.sip.domain.care.contact.kinds import kind_of_role, kinds
from services.sip.domain.care.contact.steps import state_of, steps_of
from services.sip.domain.care.contact.timeline import Absence
from services.sip.domain.care.reading import codes_in, extension, target
from services.sip.domain.codes import CONTACT_CHANGE_REASON
from services.sip.domain.held import Resource


def contact_view(team: Resource, directory: Directory) -> Contact:
    """Tell of a fixed contact."""
    participant: Resource = next(iter(team.get("participant", ())), {})
    kind, period = kind_of_role(participant.get("role")), team.get("period", {})
    steps = steps_of(team)
    via = extension(participant, EXT_VIA_TEAM) or {}
    gap = (extension(team, EXT_GAP) or {}).get("valueCodeableConcept")
    return Contact(
        id=team["id"],
        person_id=_id((team.get("subject") or {}).get("reference")),
        kind=kind.slug if kind else None,
        kind_text=kind.text if kind else None,
        holder=staff_of(participant.get("member"), directory),
        status=team.get("status", ""),
        state=state_of(team),
        from_=period.get("start"),
        until=period.get("end"),
        reason=_reason(team.get("reasonCode")),
        end_reason=steps[-1].reason if steps and steps[-1].state == ENDED else None,
        follows=_id(_linked(team, EXT_FOLLOWS)),
        stands_in_for=_id(_linked(team, EXT_STANDS_IN_FOR)),
        gap_reason=_reason(gap),
        ways=[_way(one) for one in team.get("telecom", ())],
        via=unit_of(target(via.get("valueReference")), directory),
        handover=_handover(extension(team, EXT_HANDOVER)),
        steps=[Step(state=one.state, at=one.at, reason=one.reason) for one in steps],
    )


def gap_view(absence: Absence) -> Gap:
    """Tell of a time without a contact."""
    kind = kinds().get(absence.kind)
    return Gap(
        kind=kind.slug if kind else None, from_=absence.start, until=absence.end, reason=absence.reason
    )


def _reason(concepts: Any) -> str | None:
    return next(iter(codes_in(concepts, CONTACT_CHANGE_REASON)), None)


def _linked(team: Resource, url: str) -> str | None:
    return target((extension(team, url) or {}).get("valueReference"))


def _id(key: str | None) -> str | None:
    return key.rpartition("/")[2] if key else None


def _way(point: Mapping[str, Any]) -> ShownWay:
    hours = [_hours(one) for one in point.get("extension", ()) if one.get("url") == EXT_HOURS]
    return ShownWay(system=point.get("system"), value=point.get("value"), hours=hours)


def _hours(written: Mapping[str, Any]) -> ShownHours:
    parts = written.get("extension", ())
    times = {one.get("url"): str(one.get("valueTime", ""))[:5] for one in parts}
    days = [one["valueCode"] for one in parts if one.get("url") == "day" and "valueCode" in one]
    return ShownHours(days=days, start=times.get("from", ""), end=times.get("until", ""))


def _handover(written: Mapping[str, Any] | None) -> ShownHandover | None:
    if written is None:
        return None
    parts = written.get("extension", ())
    values = {one.get("url"): one for one in parts}
    codes = [
        code
        for one in parts
        if one.get("url") == "passedOn"
        for code in codes_in(one.get("valueCodeableConcept"), PASSED_ON)
    ]
    told_at = values.get("toldAt", {}).get("valueDateTime")
    return ShownHandover(told_at=told_at, passed_on=codes, text=values.get("text", {}).get("valueString"))
