"""The notice that something is blocked, the one thing about a block that is told."""

from fastapi import APIRouter
from pydantic import Field

from services.sip.api.dependencies import PersonId, ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.words import Shown
from services.sip.use_cases.read_block_notice import read_block_notice

router = APIRouter(route_class=GuardedRoute, tags=["Consents"])


class BlockNotice(Shown):
    """Whether the person has blocked anything; the same whatever it is, whoever wrote it and whoever asks."""

    something_is_blocked: bool = Field(
        description="Ask the person; where life is at stake there is emergency access"
    )


@router.get("/persons/{id}/blocks", summary="Ask whether something is blocked")
async def blocks(id: PersonId, desk: ThisDesk) -> BlockNotice:
    """Say that a block exists, as the law asks; not what it shuts, nor who asked for it or noted it."""
    return BlockNotice(something_is_blocked=await read_block_notice(f"Patient/{id}", desk))
