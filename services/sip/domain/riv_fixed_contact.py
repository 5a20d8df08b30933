"""Inera's draft profile RIVCareManager (0.9, FHIR R5) from and to the register's CareTeam.

https://fhir.inera.se/ig/careteam. A draft: it may change. It has no place for steps, stand-ins, reasons of change or
handovers; what comes in without a reason gets the reason not-known, and what the register cannot do without is refused.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.sip.domain.care.contact.codes import (
    ENDED,
    EXT_HOURS,
    EXT_VIA_TEAM,
    INERA,
    MANAGING_TEAM,
)
from services.sip.domain.care.contact.endings import step
from services.sip.domain.care.reading import codes_in, extension, target
from services.sip.domain.codes import CONTACT_CHANGE_REASON, FIXED_CONTACT, FIXED_CONTACT_KIND, Code
from services.sip.domain.held import Resource

PROFILE: Final = INERA + "StructureDefinition/RIVCareManager-careteam"
TEAM_PROFILE: Final = INERA + "StructureDefinition/RIVManagingTeam-careteam"
AVAILABILITY: Final = INERA + "StructureDefinition/RIVContactPointAvailability"
NOT_KNOWN: Final = Code(CONTACT_CHANGE_REASON, "not-known")
TAKEN: Final = frozenset(
    {"resourceType", "id", "meta", "text", "contained", "status", "category", "subject", "period", "participant",
     "telecom", "note", "reason", "managingOrganization", "identifier", "name"}
)  # fmt: skip
_KEPT: Final = ("status", "period", "note")


def is_of_inera(team: Resource) -> bool:
    """Tell whether the kind is one that the profile knows; further roles of ours have no place in it."""
    participant: Resource = next(iter(team.get("participant", ())), {})
    return bool(codes_in(participant.get("role"), FIXED_CONTACT_KIND))


def to_riv(team: Resource, directory: Mapping[str, Resource]) -> Resource:
    """Write a contact as the profile has it."""
    participant = team["participant"][0]
    member = {"reference": participant["member"].get("reference"), "display": _name(participant, directory)}
    of_riv: Resource = {
        "role": _first_of(participant["role"]),
        "member": {k: v for k, v in member.items() if v},
    }
    via = (extension(participant, EXT_VIA_TEAM) or {}).get("valueReference")
    contained = _team(via, directory) if via else None
    if via:
        led = {"reference": "#team", "display": contained["name"]} if contained else dict(via)
        of_riv = {"extension": [{"url": EXT_VIA_TEAM, "valueReference": led}], **of_riv}
    written: Resource = {
        "resourceType": "CareTeam",
        "id": team["id"],
        "meta": {"profile": [PROFILE]},
        **({"contained": [contained]} if contained else {}),
        "status": team["status"],
        "category": [FIXED_CONTACT.concept()],
        "subject": {"reference": team["subject"]["reference"]},
        "participant": [of_riv],
    }
    written |= {name: team[name] for name in ("period", "note", "managingOrganization") if name in team}
    if reasons := team.get("reasonCode"):
        written["reason"] = [{"concept": one} for one in reasons]
    if points := team.get("telecom"):
        written["telecom"] = [_point(one) for one in points]
    return written


def _first_of(roles: list[Resource]) -> Resource:
    return next(one for one in roles if codes_in(one, FIXED_CONTACT_KIND))


def _name(participant: Resource, directory: Mapping[str, Resource]) -> str | None:
    role = directory.get(target(participant["member"]) or "", {})
    person = directory.get(target(role.get("practitioner")) or "", {})
    name: Resource = next(iter(person.get("name", ())), {})
    said = " ".join([*name.get("given", []), name.get("family", "")]).strip()
    return said or participant["member"].get("display")


def _team(via: Mapping[str, Any], directory: Mapping[str, Resource]) -> Resource | None:
    """The profile wants a team of its own kind: a unit of the directory is written as one, within the contact."""
    place = directory.get(target(via) or "")
    if place is None:
        return None
    points = [_point(one) for one in place.get("telecom", ())]
    return {
        "resourceType": "CareTeam",
        "id": "team",
        "meta": {"profile": [TEAM_PROFILE]},
        "status": "active",
        "category": [MANAGING_TEAM.concept()],
        "name": place.get("name", ""),
        **({"telecom": points} if points else {}),
    }


def _point(point: Mapping[str, Any]) -> Resource:
    hours = [one for one in point.get("extension", ()) if one.get("url") == EXT_HOURS]
    kept = {name: point[name] for name in ("system", "value", "use", "rank") if name in point}
    if not hours:
        return kept
    times = [_available(one) for one in hours]
    return {"extension": [{"url": AVAILABILITY, "valueAvailability": {"availableTime": times}}], **kept}


def _available(hours: Mapping[str, Any]) -> Resource:
    parts = hours.get("extension", ())
    times = {one.get("url"): one.get("valueTime") for one in parts}
    return {
        "daysOfWeek": [one["valueCode"] for one in parts if one.get("url") == "day"],
        "availableStartTime": times.get("from"),
        "availableEndTime": times.get("until"),
    }


def flaws_of(riv: Resource) -> Iterator[tuple[str, str]]:
    """Name what keeps this from being read, with its place; nothing is dropped unsaid."""
    for name in sorted(riv.keys() - TAKEN):
        yield (
            f"/{name}",
            f"The register has no place for {name}; leave it out, or use /api/v1/persons/{{id}}/contacts.",
        )
    if riv.get("resourceType") != "CareTeam" or not codes_in(riv.get("category"), FIXED_CONTACT.system):
        yield "/category", f"This is no CareTeam of the category {FIXED_CONTACT.code}."
    participants = riv.get("participant")
    if not isinstance(participants, list) or len(participants) != 1 or not isinstance(participants[0], dict):
        yield "/participant", "A fixed contact has exactly one participant."
    elif not isinstance(participants[0].get("role"), dict) or not isinstance(
        participants[0].get("member"), dict
    ):
        yield "/participant/0", "The participant has one role (R5: a CodeableConcept), and a member."
    if not isinstance(riv.get("period"), dict) or "start" not in riv["period"]:
        yield (
            "/period/start",
            "The register needs the start of a contact, which the draft leaves open; state it.",
        )


def from_riv(riv: Resource, id: str, person: str, member: str) -> Resource:
    """Write what came as the register has it; `person` and `member` are keys here."""
    participant = riv["participant"][0]
    reasons = [one["concept"] for one in riv.get("reason", ())]
    known = any(codes_in(one, CONTACT_CHANGE_REASON) for one in reasons)
    taken: Resource = {
        "resourceType": "CareTeam",
        "id": id,
        **{name: riv[name] for name in _KEPT if name in riv},
        "category": [FIXED_CONTACT.concept()],
        "subject": {"reference": person},
        "participant": [{"role": [participant["role"]], "member": {"reference": member}}],
        "reasonCode": reasons if known else [*reasons, NOT_KNOWN.concept()],
    }
    if riv.get("status") == "inactive" and "end" in riv["period"]:
        taken["extension"] = [step(ENDED, riv["period"]["end"], NOT_KNOWN.code)]
    if points := riv.get("telecom"):
        taken["telecom"] = [_taken_point(one) for one in points]
    return taken


def _taken_point(point: Mapping[str, Any]) -> Resource:
    said = [
        one.get("valueAvailability", {})
        for one in point.get("extension", ())
        if one.get("url") == AVAILABILITY
    ]
    hours = [
        {"url": EXT_HOURS, "extension": [
            *({"url": "day", "valueCode": day} for day in one.get("daysOfWeek", ())),
            {"url": "from", "valueTime": one.get("availableStartTime", "00:00:00")},
            {"url": "until", "valueTime": one.get("availableEndTime", "23:59:59")},
        ]}
        for available in said for one in available.get("availableTime", ())
    ]  # fmt: skip
    kept = {name: point[name] for name in ("system", "value", "use", "rank") if name in point}
    return kept | ({"extension": hours} if hours else {})
