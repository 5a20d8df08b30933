"""Proof that the access log is whole: the roots that it is sealed under."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from services.sip.api.dependencies import ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.words import Shown
from services.sip.api.wiring import Wiring
from services.sip.domain.sealed_log import SignedSeal
from services.sip.use_cases.list_roots import PAGE, list_roots

router = APIRouter(route_class=GuardedRoute, tags=["Access log"])


class Root(Shown):
    """A seal on a batch of access records: the Merkle root over them, chained to the one before, signed."""

    number: int
    at: datetime
    count: int = Field(description="How many access records are under it")
    root: str = Field(description="SHA-256, hexadecimal")
    previous: str = Field(description="SHA-256 of the `content` before, hexadecimal")
    content: str = Field(description="The exact text that is signed")
    signature: str = Field(description="Ed25519, hexadecimal")
    key: str = Field(description="Thumbprint (RFC 7638) of the key that signed")


class Roots(Shown):
    """Seals in order; `next` asks for those that follow."""

    roots: list[Root]
    next: int | None = Field(description="The `after` of the next page; none when this was the last")


@router.get("/audit/roots", summary="Read the roots of the access log")
async def roots(
    request: Request,
    desk: ThisDesk,  # noqa: ARG001 - any token that holds will do: a root tells nothing about anybody
    after: Annotated[int, Query(ge=0, le=1 << 40, description="The last number that you have")] = 0,
) -> Roots:
    """Give the roots, oldest first. Keep them elsewhere: against them nobody can cut the log off or write it anew."""
    wiring: Wiring = request.app.state.wiring
    found = [_root(one) for one in await list_roots(after, wiring.seals)]
    return Roots(roots=found, next=found[-1].number if len(found) == PAGE else None)


def _root(signed: SignedSeal) -> Root:
    seal = signed.seal
    return Root(
        number=seal.number,
        at=seal.at,
        count=seal.count,
        root=seal.root.hex(),
        previous=seal.previous.hex(),
        content=seal.content().decode(),
        signature=signed.signature.hex(),
        key=signed.key,
    )
