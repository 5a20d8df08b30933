"""/persons/{id}/care-managers: fixed contacts in the shape of Inera's draft RIVCareManager 0.9, FHIR R5."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Response

from services.sip.api.contacts import AsOf, today, told
from services.sip.api.dependencies import PersonId, RepeatableDesk, ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.contacts import Contact
from services.sip.domain.codes import FIXED_CONTACT, FIXED_CONTACT_KIND
from services.sip.domain.riv_fixed_contact import PROFILE
from services.sip.use_cases.care_managers import give_care_managers, take_care_manager

MEDIA: str = "application/fhir+json; fhirVersion=5.0"
EXAMPLE: dict[str, Any] = {
    "resourceType": "CareTeam",
    "meta": {"profile": [PROFILE]},
    "status": "active",
    "category": [FIXED_CONTACT.concept()],
    "subject": {"reference": "Patient/1"},
    "period": {"start": "2026-01-15"},
    "participant": [
        {
            "role": {"coding": [{"system": FIXED_CONTACT_KIND, "code": "1"}]},
            "member": {"reference": "PractitionerRole/1"},
        }
    ],
}
router = APIRouter(prefix="/persons/{id}/care-managers", route_class=GuardedRoute, tags=["Fixed contacts"])


@router.get(
    "",
    summary="Give contacts as Inera's draft has them",
    response_class=Response,
    responses={200: {"content": {"application/fhir+json": {}}}},
)
async def give(id: PersonId, desk: ThisDesk, as_of: AsOf = None) -> Response:
    """Give a Bundle of CareTeams after RIVCareManager, a draft (0.9, FHIR R5) that may change."""
    teams = await give_care_managers(f"Patient/{id}", as_of or today(desk), desk)
    entries = [{"resource": one, "search": {"mode": "match"}} for one in teams]
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    return Response(orjson.dumps(bundle | ({"entry": entries} if entries else {})), media_type=MEDIA)


@router.post("", summary="Take a contact as Inera's draft has it", status_code=201)
async def take(
    id: PersonId, desk: RepeatableDesk, riv: Annotated[dict[str, Any], Body(examples=[EXAMPLE])]
) -> Contact:
    """Take one CareTeam after RIVCareManager (draft 0.9, FHIR R5) into the register, under the same rules as all."""
    return await told(await take_care_manager(f"Patient/{id}", riv, desk), desk)
