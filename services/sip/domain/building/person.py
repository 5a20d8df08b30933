"""A person, registered by personal number."""

from collections.abc import Callable
from dataclasses import dataclass

from services.sip.domain.codes import EXT_MUNICIPALITY_CODE
from services.sip.domain.held import Resource
from services.sip.domain.personal_number import PersonalNumber


@dataclass(frozen=True, slots=True)
class PersonWish:
    """Who it is: names, gender in FHIR's words, and where they live, as far as that is known."""

    number: PersonalNumber
    given: str
    family: str
    gender: str | None = None
    municipality: str | None = None


def person(wish: PersonWish, new_id: Callable[[], str]) -> Resource:
    """Build the Patient; the birth date is the one in the number, where it has one."""
    born = wish.number.birth_date
    code = {"url": EXT_MUNICIPALITY_CODE, "valueCode": wish.municipality}
    return {
        "resourceType": "Patient",
        "id": new_id(),
        "identifier": [{"system": wish.number.system, "value": wish.number.digits}],
        "name": [{"use": "official", "family": wish.family, "given": wish.given.split()}],
        **({"gender": wish.gender} if wish.gender else {}),
        **({"birthDate": born.isoformat()} if born else {}),
        **({"address": [{"use": "home", "extension": [code]}]} if wish.municipality else {}),
    }
