"""The person: a personal number that holds, a general practitioner that follows from the fixed contact."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from services.sip.domain.care.contact.facts import DOCTOR, HOLDING, contacts_of
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.reading import target
from services.sip.domain.care.violation import Violation
from services.sip.domain.codes import PERSONNUMMER, SAMORDNINGSNUMMER
from services.sip.domain.held import Resource
from services.sip.domain.moments import SWEDEN
from services.sip.domain.personal_number import NotAPersonalNumber, PersonalNumber, checked

_LAW_OF: Final = {
    PERSONNUMMER: "folkbokföringslagen (1991:481) 18 §",
    SAMORDNINGSNUMMER: "lag (2022:1697) om samordningsnummer",
}


def patient_rules(before: Resource | None, after: Resource, context: CareContext) -> Iterator[Violation]:
    """Judge one new version of a Patient."""
    today = context.now.astimezone(SWEDEN).date()
    for position, identifier in enumerate(after.get("identifier", ())):
        system = identifier.get("system")
        if system in _LAW_OF:
            flaw = _flaw(identifier.get("value", ""), system, today)
            if flaw:
                yield Violation(
                    "personal-number", flaw, f"Patient.identifier[{position}].value", _LAW_OF[system]
                )
    stated = practitioners_of(after)
    if stated and stated != derived_practitioners(context) and stated != practitioners_of(before or {}):
        yield Violation(
            "general-practitioner-derived",
            "The general practitioner follows from the fast läkarkontakt; leave generalPractitioner as it "
            "was read, or out, and change the fixed contact.",
            "Patient.generalPractitioner",
            "HSL 7 kap. 3 §",
        )


def _flaw(digits: str, system: str, today: date) -> str | None:
    try:
        number: PersonalNumber = checked(digits, today)
    except NotAPersonalNumber as why:
        return str(why)
    return None if number.system == system else f"This number belongs under the system {number.system}."


def practitioners_of(patient: Resource) -> list[str | None]:
    """Give what a Patient says its general practitioners are."""
    return [target(one) for one in patient.get("generalPractitioner", ())]


def derived_practitioners(context: CareContext) -> list[str | None]:
    """Give what follows from the record: the holder of the fast läkarkontakt, the newest alone.

    Who stands in for a while is not the one the person has chosen and is listed with.
    """
    doctors = [
        one
        for one in contacts_of(context)
        if one.kind == DOCTOR and one.status in HOLDING and one.holder and one.stands_in_for is None
    ]
    return [max(doctors, key=lambda one: one.start).holder] if doctors else []
