"""Writing what a plain request asks for; the same request again gives the first result and writes nothing."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

import orjson

from services.chassis.outcome import Told
from services.sip.domain.building.scribe import key_of
from services.sip.domain.errors import AlreadyThere, RequestDiffers
from services.sip.domain.exact_json import dumped
from services.sip.domain.held import Resource
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.read_version import read_version
from services.sip.use_cases.write_resources import write_resources

PATIENCE: Final = 100
PAUSE: Final = 0.01  # seconds

Changed = tuple[Resource, int]
"""A resource as it is to be, and the version that it replaces."""


async def write_once(new: Sequence[Resource], changed: Iterable[Changed], desk: Desk) -> Stored:
    """Store all in one transaction and give the first; raises RequestDiffers, and what writing raises."""
    drafts = [_draft(resource, None) for resource in new]
    drafts += [_draft(resource, version) for resource, version in changed]
    try:
        written = await write_resources(drafts, desk.asking, desk.store, desk.policy)
    except AlreadyThere:
        if not desk.asking.fingerprint:
            raise  # nobody repeats: it is another thing that stands in the way
        return await _first_result(key_of(new[0]), desk)
    return written[0].stored


async def _wait_until_durable(key: str, desk: Desk) -> None:
    """A transaction meets what is committed a moment before a majority, and so a reader, has it."""
    for _ in range(PATIENCE):
        if await desk.store.records.version(key, 1) is not None:
            return
        await asyncio.sleep(PAUSE)


def _draft(resource: Resource, replaces: int | None) -> Draft:
    plain = orjson.loads(dumped(resource))
    return Draft(resource["resourceType"], resource, plain, id=resource["id"], replaces=replaces)


async def _first_result(key: str, desk: Desk) -> Stored:
    """Give what the same request created before; raises RequestDiffers when it was not the same."""
    await _wait_until_durable(key, desk)
    first = await read_version(key, 1, desk.asking, desk.store)
    if first.fingerprint != desk.asking.fingerprint:
        text = "This Idempotency-Key came before with another content; a new request needs a new key."
        raise RequestDiffers(Told("conflict", text, rule="idempotency-key-reused"))
    return first
