"""A fixed contact: appointed with a reason, ended at a moment."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.sip.domain.building.scribe import Scribe, precisely, to
from services.sip.domain.codes import (
    CONTACT_CHANGE_REASON,
    FIXED_CARE_CONTACT,
    FIXED_CONTACT,
    FIXED_COORDINATING_CONTACT,
    FIXED_DOCTOR,
    FIXED_HOME_CARE_CONTACT,
    Code,
)
from services.sip.domain.held import Resource

KINDS: Final[dict[str, tuple[Code, str]]] = {
    "fast-vardkontakt": (FIXED_CARE_CONTACT, "Fast vårdkontakt"),
    "fast-lakarkontakt": (FIXED_DOCTOR, "Fast läkarkontakt i primärvård"),
    "fast-omsorgskontakt": (FIXED_HOME_CARE_CONTACT, "Fast omsorgskontakt i hemtjänsten"),
    "fast-vardkontakt-samordnande": (
        FIXED_COORDINATING_CONTACT,
        "Fast vårdkontakt med övergripande samordningsansvar",
    ),
}


@dataclass(frozen=True, slots=True)
class ContactWish:
    """Who is to be which kind of contact (HSA-ids), from when (a FHIR date or dateTime), and why."""

    kind: str
    employee: str
    unit: str
    reason: str
    start: str | None = None


def contact(scribe: Scribe, wish: ContactWish, holder: str, unit: str) -> Resource:
    """Build the CareTeam; `holder` is a PractitionerRole, `unit` its Organization."""
    code, words = KINDS[wish.kind]
    since = {"start": wish.start or precisely(scribe.now)}
    return scribe.new(
        "CareTeam",
        status="active",
        category=[FIXED_CONTACT.concept()],
        subject=to(scribe.person),
        period=since,
        participant=[{"role": [code.concept(words)], "member": to(holder), "period": since}],
        reasonCode=[Code(CONTACT_CHANGE_REASON, wish.reason).concept()],
        managingOrganization=[to(unit)],
    )


def contact_ended(held: Resource, at: datetime) -> Resource:
    """End it at a moment."""
    over = deepcopy(held) | {"status": "inactive"}
    over["period"] = {**over.get("period", {}), "end": precisely(at)}
    for participant in over.get("participant", ()):
        participant["period"] = {**participant.get("period", {}), "end": precisely(at)}
    return over
