"""One fixed contact: answered, begun, stood in for, reached, handed over, ended."""

from fastapi import APIRouter

from services.sip.api.contacts import told
from services.sip.api.dependencies import RepeatableDesk, ThingId, ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.contact_words import NewHandover, NewWays
from services.sip.api.models.contacts import Appointment, Contact, ContactEnding, NewStandIn, OfferAnswer
from services.sip.use_cases.answer_offer import Answer, answer_offer
from services.sip.use_cases.change_contact import begin_contact, change_ways, end_contact, note_handover
from services.sip.use_cases.stand_in_for import stand_in_for

router = APIRouter(prefix="/contacts/{id}", route_class=GuardedRoute, tags=["Fixed contacts"])


@router.post("/answer", summary="Note the answer to an offer")
async def answer(id: ThingId, given: OfferAnswer, desk: ThisDesk) -> Contact:
    """Note that the person accepts, declines, or wants another; who accepts has the contact from a day."""
    wish = Answer(given.answer, given.at, given.reason, given.from_moment)
    return await told(await answer_offer(f"CareTeam/{id}", wish, desk), desk)


@router.post("/appointment", summary="Let a contact begin")
async def begin(id: ThingId, when: Appointment, desk: ThisDesk) -> Contact:
    """Let what was offered or accepted begin."""
    return await told(await begin_contact(f"CareTeam/{id}", when.from_moment, desk), desk)


@router.post("/stand-ins", summary="Appoint a stand-in", status_code=201)
async def stand_in(id: ThingId, new: NewStandIn, desk: RepeatableDesk) -> Contact:
    """Let somebody stand in for a while; the contact rests, and holds again when the stand-in has ended."""
    return await told(await stand_in_for(f"CareTeam/{id}", new.wish(), desk, new.via_unit), desk)


@router.put("/ways", summary="Say how a contact is reached")
async def ways(id: ThingId, new: NewWays, desk: ThisDesk) -> Contact:
    """Say how the holder is reached, and the unit to ask instead."""
    return await told(await change_ways(f"CareTeam/{id}", new.points(), new.via_unit, desk), desk)


@router.put("/handover", summary="Note a handover")
async def handover(id: ThingId, new: NewHandover, desk: ThisDesk) -> Contact:
    """Note when the person was told, by the caller, and what was passed on."""
    return await told(await note_handover(f"CareTeam/{id}", new.handover(), desk), desk)


@router.post("/ending", summary="End a fixed contact")
async def end(id: ThingId, ending: ContactEnding, desk: ThisDesk) -> Contact:
    """End a fixed contact that nobody follows, and say why."""
    return await told(await end_contact(f"CareTeam/{id}", ending.until, ending.reason, desk), desk)
