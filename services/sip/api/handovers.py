"""/handovers: somebody leaves, and others take over; begun here, done by a process of its own, followed here."""

from fastapi import APIRouter, Request, Response

from services.sip.api.dependencies import RepeatableDesk, ThingId, ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.handovers import HandoverShown, NewHandoverJob, RefusedMove
from services.sip.api.wiring import Wiring
from services.sip.use_cases.handover_ports import HandoverProgress, Refusal
from services.sip.use_cases.start_handover import read_handover, start_handover

router = APIRouter(prefix="/handovers", route_class=GuardedRoute, tags=["Fixed contacts"])


@router.post("", summary="Hand over all of somebody's contacts", status_code=202)
async def begin(
    request: Request, new: NewHandoverJob, desk: RepeatableDesk, response: Response
) -> HandoverShown:
    """Begin moving every contact that somebody holds and the caller may see, each as a change of its own."""
    wiring: Wiring = request.app.state.wiring
    job = await start_handover(new.wish(), desk, wiring.handovers)
    response.headers["Location"] = f"/api/v1/handovers/{job.id}"
    return _shown(await read_handover(job.id, desk, wiring.handovers))


@router.get("/{id}", summary="Follow a handover")
async def follow(request: Request, id: ThingId, desk: ThisDesk) -> HandoverShown:
    """Tell how far a handover has come, and whom it could not move; for the unit that began it."""
    wiring: Wiring = request.app.state.wiring
    return _shown(await read_handover(id, desk, wiring.handovers))


def _shown(progress: HandoverProgress) -> HandoverShown:
    job = progress.job
    return HandoverShown(
        id=job.id,
        state="running" if progress.ended_at is None else "done",
        asked_at=job.asked_at,
        ended_at=progress.ended_at,
        reason=job.reason,
        from_=job.start,
        total=progress.total,
        moved=progress.moved,
        refused=progress.refused,
        waiting=progress.total - progress.moved - progress.refused,
        refusals=[_refused(one) for one in progress.refusals],
    )


def _refused(one: Refusal) -> RefusedMove:
    contact, person = (key.partition("/")[2] for key in (one.contact, one.person))
    return RefusedMove(contact_id=contact, person_id=person, rule=one.rule, text=one.text)
