"""Fixed contacts in the shape of Inera's draft RIVCareManager: given, and taken in through the one way in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.chassis.outcome import Told
from services.sip.domain.care.contact.timeline import held_on
from services.sip.domain.codes import HSA_ID_SYSTEMS
from services.sip.domain.errors import BadRequest
from services.sip.domain.held import Resource
from services.sip.domain.references import local_key
from services.sip.domain.riv_fixed_contact import flaws_of, from_riv, is_of_inera, to_riv
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, find_places
from services.sip.use_cases.find_scribe import find_scribe
from services.sip.use_cases.list_record import list_record
from services.sip.use_cases.list_unit_contacts import OF_CONTACTS
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.read_directory import read_directory
from services.sip.use_cases.write_once import write_once


async def give_care_managers(person: str, day: date, desk: Desk) -> list[Resource]:
    """Give the contacts that hold on the day; those whose kind the draft does not know are left out."""
    teams = await list_record(person, "CareTeam", [OF_CONTACTS], desk)
    held = [one for one in teams if held_on(one, day) and is_of_inera(one)]
    directory = await read_directory(held, desk.store)
    return [to_riv(one, directory) for one in held]


async def take_care_manager(person: str, riv: Resource, desk: Desk) -> Stored:
    """Store what came; raises BadRequest for what cannot be read, and what every write raises."""
    try:
        _check(person, riv)
        named = _named(riv)
    except (AttributeError, TypeError, KeyError, IndexError):
        raise BadRequest(
            Told("structure", "This is no CareTeam of FHIR R5.", rule="riv-care-manager")
        ) from None
    scribe = await find_scribe(person, desk)
    member = (
        named if isinstance(named, str) else (await find_places([named], desk.asking, desk.store)).of(named)
    )
    try:
        taken = from_riv(riv, scribe.new_id(), person, member)
    except (AttributeError, TypeError, KeyError, IndexError):
        raise BadRequest(
            Told("structure", "This is no CareTeam of FHIR R5.", rule="riv-care-manager")
        ) from None
    return await write_once([taken], [], desk)


def _check(person: str, riv: Resource) -> None:
    if flaws := list(flaws_of(riv)):
        raise BadRequest(*(Told("invalid", text, where, rule="riv-care-manager") for where, text in flaws))
    if local_key(riv.get("subject", {}).get("reference")) != person:
        raise BadRequest(
            Told("invalid", f"The subject is not the person of the address, {person}.", "/subject")
        )


def _named(riv: Resource) -> str | Named:
    """Give the assignment: a key of the directory, or the HSA-ids of employee and unit."""
    member = riv["participant"][0]["member"]
    if key := local_key(member.get("reference")):
        return key
    organizations = riv.get("managingOrganization") or [{}]
    employee, unit = _hsa_id(member), _hsa_id(organizations[0])
    if not employee or not unit:
        text = "Name the holder: a PractitionerRole of this server, or HSA-ids of member and managingOrganization."
        raise BadRequest(Told("invalid", text, "/participant/0/member"))
    return Named("/managingOrganization/unit", unit, employee)


def _hsa_id(reference: Mapping[str, Any]) -> str | None:
    identifier = reference.get("identifier", {})
    value = identifier.get("value") if identifier.get("system") in HSA_ID_SYSTEMS else None
    return value if isinstance(value, str) else None
