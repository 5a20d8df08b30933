"""How a contact is reached: telecom with its hours, or by way of a team; and what was handed over."""

from collections.abc import Iterator
from typing import Final

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.contact.codes import (
    DAYS,
    EXT_HANDOVER,
    EXT_HOURS,
    EXT_VIA_TEAM,
    PASSED_ON,
    PASSED_ON_CODES,
)
from services.sip.domain.care.contact.facts import Contact
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.reading import codes_in, extension, target
from services.sip.domain.care.violation import Violation
from services.sip.domain.held import Resource

_KEPT: Final = agreed("life_cycles_kept")
_TEAMS: Final = ("Organization/", "HealthcareService/", "CareTeam/")


def ways_rules(contact: Contact, context: CareContext) -> Iterator[Violation]:
    """Judge hours, the team, and what is said of a handover."""
    for position, point in enumerate(contact.resource.get("telecom", ())):
        if not all(_sound_hours(one) for one in point.get("extension", ()) if one.get("url") == EXT_HOURS):
            yield Violation(
                "contact-hours",
                f"Hours name days ({', '.join(DAYS)}) and a time from before the time until; correct them.",
                f"CareTeam.telecom[{position}].extension",
                _KEPT,
            )
    participant: Resource = next(iter(contact.resource.get("participant", ())), {})
    via = extension(participant, EXT_VIA_TEAM)
    if via is not None and not _known_team(via.get("valueReference", {}), contact, context):
        yield Violation(
            "contact-team-unknown",
            "The team by which the contact is reached is not here; name a unit, a service or a team of this person.",
            "CareTeam.participant[0].extension",
            _KEPT,
        )
    handover = extension(contact.resource, EXT_HANDOVER)
    if handover is not None and not _says_what(handover):
        yield Violation(
            "contact-handover",
            f"A handover says when the person was told (toldAt), or what was passed on ({', '.join(PASSED_ON_CODES)}).",
            "CareTeam.extension",
            _KEPT,
        )


def _sound_hours(hours: object) -> bool:
    parts = hours.get("extension", ()) if isinstance(hours, dict) else ()
    days = [one.get("valueCode") for one in parts if one.get("url") == "day"]
    times = {one.get("url"): one.get("valueTime", "") for one in parts if one.get("url") in {"from", "until"}}
    return bool(days) and set(days) <= set(DAYS) and len(times) == 2 and times["from"] < times["until"]


def _known_team(reference: dict[str, str], contact: Contact, context: CareContext) -> bool:
    written = reference.get("reference", "")
    if written.startswith("#"):
        return any(f"#{one.get('id')}" == written for one in contact.resource.get("contained", ()))
    key = target(reference) or ""
    return key.startswith(_TEAMS) and (key in context.directory or key in context.person)


def _says_what(handover: object) -> bool:
    parts = handover.get("extension", ()) if isinstance(handover, dict) else ()
    told = any(one.get("url") == "toldAt" and one.get("valueDateTime") for one in parts)
    codes = [code for one in parts if one.get("url") == "passedOn"
             for code in codes_in(one.get("valueCodeableConcept"), PASSED_ON)]  # fmt: skip
    return set(codes) <= set(PASSED_ON_CODES) and (told or bool(codes))
