"""Persons and needs as plain JSON."""

from services.sip.api.models.people import Need, Person
from services.sip.api.views.places import Directory, name_of, staff_of
from services.sip.domain.care.reading import extension
from services.sip.domain.codes import EXT_MUNICIPALITY_CODE, PERSON_NUMBER_SYSTEMS
from services.sip.domain.held import Resource


def person_view(patient: Resource) -> Person:
    """Tell of a Patient."""
    numbers = {one.get("system"): one.get("value") for one in patient.get("identifier", ())}
    places = (extension(one, EXT_MUNICIPALITY_CODE) for one in patient.get("address", ()))
    return Person(
        id=patient["id"],
        personal_number=next((numbers[one] for one in PERSON_NUMBER_SYSTEMS if one in numbers), None),
        name=name_of(patient),
        birth_date=patient.get("birthDate"),
        gender=patient.get("gender"),
        municipality_code=next((one.get("valueCode") for one in places if one), None),
    )


def need_view(condition: Resource, directory: Directory) -> Need:
    """Tell of a Condition."""
    code = condition.get("code", {})
    coded = next((one.get("display") for one in code.get("coding", ()) if one.get("display")), "")
    return Need(
        id=condition["id"],
        text=code.get("text") or coded,
        noted_on=condition.get("recordedDate"),
        noted_by=staff_of(condition.get("recorder"), directory),
    )
