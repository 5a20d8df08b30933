"""/persons: found and registered by personal number, read by id; needs; who has looked."""

import orjson
from fastapi import APIRouter, Response

from services.chassis.outcome import Told
from services.sip.api.dependencies import Next, PersonId, RepeatableDesk, ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.people import (
    AccessRows,
    Need,
    Needs,
    NewNeed,
    NewPerson,
    Person,
    PersonSought,
)
from services.sip.api.views.access_log import access_view
from services.sip.api.views.people import need_view, person_view
from services.sip.domain.building.person import PersonWish
from services.sip.domain.errors import BadRequest
from services.sip.domain.moments import SWEDEN
from services.sip.domain.personal_number import NotAPersonalNumber, PersonalNumber, parse
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_person import find_person
from services.sip.use_cases.list_record import list_record
from services.sip.use_cases.note_need import note_need
from services.sip.use_cases.read_access_log import read_access_log
from services.sip.use_cases.read_directory import read_directory
from services.sip.use_cases.read_resource import read_resource
from services.sip.use_cases.register_person import register_person

router = APIRouter(prefix="/persons", route_class=GuardedRoute)


@router.post("/search", summary="Find a person", tags=["Persons"])
async def find(sought: PersonSought, desk: ThisDesk) -> Person:
    """Find a person by personal number. The look is put on record."""
    found = await find_person(_number(sought.personal_number, desk), desk)
    return person_view(orjson.loads(found.body))


@router.post("", summary="Register a person", status_code=201, tags=["Persons"])
async def register(new: NewPerson, desk: ThisDesk, response: Response) -> Person:
    """Register a person; 200 and the person as registered when the number is there already."""
    number = _number(new.personal_number, desk)
    wish = PersonWish(number, new.given_name, new.family_name, new.gender, new.municipality_code)
    written = await register_person(wish, desk)
    if written.existing:
        response.status_code = 200
    response.headers["Location"] = f"/api/v1/persons/{written.stored.key.partition('/')[2]}"
    return person_view(orjson.loads(written.stored.body))


@router.get("/{id}", summary="Read a person", tags=["Persons"])
async def read(id: PersonId, desk: ThisDesk) -> Person:
    """Read who a person is."""
    found = await read_resource(f"Patient/{id}", desk.asking, desk.store)
    return person_view(orjson.loads(found.body))


@router.post("/{id}/needs", summary="Note a need", status_code=201, tags=["Needs"])
async def note(id: PersonId, new: NewNeed, desk: RepeatableDesk) -> Need:
    """Note a need. From then on your unit has a relation to the person."""
    noted = orjson.loads((await note_need(f"Patient/{id}", new.text, desk)).body)
    return need_view(noted, await read_directory([noted], desk.store))


@router.get("/{id}/needs", summary="List needs", tags=["Needs"])
async def needs(id: PersonId, desk: ThisDesk) -> Needs:
    """List the needs noted."""
    found = await list_record(f"Patient/{id}", "Condition", (), desk)
    directory = await read_directory(found, desk.store)
    return Needs(needs=[need_view(one, directory) for one in found])


@router.get("/{id}/access-log", summary="Read who has looked", tags=["Access log"])
async def accesses(id: PersonId, desk: ThisDesk, page: Next = None) -> AccessRows:
    """Tell who has looked: the resident about themselves, the privacy officer for the own care giver."""
    found = await read_access_log(f"Patient/{id}", page, desk)
    resident = desk.asking.caller.unit is None
    path = f"/api/v1/persons/{id}/access-log"
    return AccessRows(
        accesses=[access_view(one, found, to_resident=resident) for one in found.events],
        next=f"{path}?next={found.next}" if found.next else None,
    )


def _number(text: str, desk: Desk) -> PersonalNumber:
    try:
        return parse(text, desk.asking.now.astimezone(SWEDEN).date())
    except NotAPersonalNumber as why:
        told = Told("value", str(why), "/personal_number", rule="personal-number")
        raise BadRequest(told) from None
