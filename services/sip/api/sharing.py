"""Consents and calls: with whom a plan may be shared, and who is called to make it."""

import orjson
from fastapi import APIRouter

from services.sip.api.dependencies import PersonId, PlanId, RepeatableDesk, ThingId, ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.sharing import Call, Consent, Consents, NewCall, NewConsent
from services.sip.api.views.sharing import call_view, consent_view
from services.sip.domain.building.call import CallWish
from services.sip.domain.building.consent import ConsentWish
from services.sip.domain.codes import LAW
from services.sip.use_cases.call_parties import call_parties
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.give_consent import give_consent
from services.sip.use_cases.list_record import list_record
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.read_directory import read_directory
from services.sip.use_cases.read_plan import look_at_plan
from services.sip.use_cases.withdraw_consent import withdraw_consent

router = APIRouter(route_class=GuardedRoute)


@router.post("/persons/{id}/consents", summary="Note consent", status_code=201, tags=["Consents"])
async def give(id: PersonId, new: NewConsent, desk: RepeatableDesk) -> Consent:
    """Note the person's consent: to share a plan with whom, until when."""
    wish = ConsentWish(
        tuple(new.units or ()),
        new.until,
        new.form,
        tuple(LAW + one for one in new.laws),
        new.from_day,
        f"CarePlan/{new.plan_id}" if new.plan_id else None,
        f"RelatedPerson/{new.relative_id}" if new.relative_id else None,
    )
    return await _consent(await give_consent(f"Patient/{id}", wish, desk), desk)


@router.get("/persons/{id}/consents", summary="List consents", tags=["Consents"])
async def consents(id: PersonId, desk: ThisDesk) -> Consents:
    """List the consents."""
    found = await list_record(f"Patient/{id}", "Consent", (), desk)
    directory = await read_directory(found, desk.store)
    return Consents(consents=[consent_view(one, directory, desk.asking.now) for one in found])


@router.post("/consents/{id}/withdrawal", summary="Withdraw consent", tags=["Consents"])
async def withdraw(id: ThingId, desk: ThisDesk) -> Consent:
    """Withdraw a consent, now. What it let others see they see no more; a plan that rests on it goes on hold."""
    return await _consent(await withdraw_consent(f"Consent/{id}", desk), desk)


@router.post("/persons/{id}/calls", summary="Call to plan together", status_code=201, tags=["Calls"])
async def call_to_person(id: PersonId, new: NewCall, desk: RepeatableDesk) -> Call:
    """Call other units to plan together, before there is a plan. They see it when consent covers them."""
    about = tuple(f"Condition/{one}" for one in new.need_ids)
    wish = CallWish(tuple(new.units), new.question, about, new.meeting_at)
    return await _call(await call_parties(f"Patient/{id}", wish, desk), desk)


@router.post("/plans/{id}/calls", summary="Call to a plan", status_code=201, tags=["Calls"])
async def call_to_plan(id: PlanId, new: NewCall, desk: RepeatableDesk) -> Call:
    """Call other units to a plan. They see the call when consent covers them."""
    plan = (await look_at_plan(f"CarePlan/{id}", desk)).plan
    about = (plan.key, *(f"Condition/{one}" for one in new.need_ids))
    wish = CallWish(tuple(new.units), new.question, about, new.meeting_at)
    return await _call(await call_parties(plan.patient or "", wish, desk), desk)


async def _consent(stored: Stored, desk: Desk) -> Consent:
    resource = orjson.loads(stored.body)
    return consent_view(resource, await read_directory([resource], desk.store), desk.asking.now)


async def _call(stored: Stored, desk: Desk) -> Call:
    resource = orjson.loads(stored.body)
    return call_view(resource, await read_directory([resource], desk.store))
