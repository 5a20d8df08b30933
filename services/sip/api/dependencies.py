"""What routes ask for: the caller's desk, the version that If-Match names, an Idempotency-Key honoured."""

import hashlib
import re
from typing import Annotated, Final

from fastapi import Depends, Header, Path, Query, Request

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest, PreconditionMissing
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.open_plan import PlanVersion

ETAG: Final = re.compile(r'(?:W/)?"(\d{1,9})"')
ID: Final = r"^[A-Za-z0-9\-.]{1,64}$"

PersonId = Annotated[str, Path(pattern=ID, description="The person's id, as found by personal number")]
PlanId = Annotated[str, Path(pattern=ID, description="The plan's id")]
Next = Annotated[str | None, Query(alias="next", max_length=300, description="As the page before gave it")]
ThingId = Annotated[str, Path(pattern=ID)]


def desk_of(request: Request) -> Desk:
    """Give the caller's desk."""
    desk: Desk = request.state.desk
    return desk


ThisDesk = Annotated[Desk, Depends(desk_of)]


async def repeatable_desk(
    request: Request,
    desk: ThisDesk,
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Your own name for this request: sent again with the same content, it gives the first "
            "result and creates nothing more",
            min_length=1,
            max_length=255,
        ),
    ] = None,
) -> Desk:
    """Give the desk; with a key, its ids follow from the key, the address and the caller's unit."""
    if key is None:
        return desk
    fingerprint = hashlib.sha256(await request.body()).hexdigest()
    return desk.repeatable(f"{request.method} {request.url.path}\n{key}", fingerprint)


RepeatableDesk = Annotated[Desk, Depends(repeatable_desk)]


def seen_plan(
    id: PlanId,
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description="The plan's ETag as you last saw it", examples=['W/"3"']),
    ] = None,
) -> PlanVersion:
    """Give the plan and the version that the caller has seen; raises PreconditionMissing, BadRequest."""
    if not if_match:
        text = 'Say which version of the plan you change: If-Match: W/"<version>", from its ETag.'
        raise PreconditionMissing(Told("required", text, "header: If-Match", rule="if-match-missing"))
    found = ETAG.fullmatch(if_match.strip())
    if not found:
        text = 'If-Match must be one version as the ETag gave it, such as W/"3".'
        raise BadRequest(Told("value", text, "header: If-Match"))
    return PlanVersion(f"CarePlan/{id}", int(found[1]))


SeenPlan = Annotated[PlanVersion, Depends(seen_plan)]
