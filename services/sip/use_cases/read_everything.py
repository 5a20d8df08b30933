"""All that belongs to a person, or to a plan, as far as the caller may see it; every look is on record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from services.chassis.outcome import Told
from services.sip.domain.access import covered_by_scope
from services.sip.domain.circle import circle_of
from services.sip.domain.errors import BadRequest
from services.sip.domain.held import Held, Resource
from services.sip.domain.references import keys_referred_to
from services.sip.domain.resource_types import TYPES, Kind
from services.sip.domain.sight import joined
from services.sip.use_cases.ports import Access, Asking, Store, Stored
from services.sip.use_cases.read_resource import read_resource, sight_of

DIRECTORY_DEPTH: Final = 3
"""Role, then person and unit, then the unit's care giver."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the whole is wanted: these types alone (None: all that the scopes cover), changed since."""

    types: Collection[str] | None = None
    since: datetime | None = None


async def read_person(key: str, wanted: Wanted, asking: Asking, store: Store) -> Sequence[Stored]:
    """Give the Patient, the record as far as it may be seen, and the directory rows that it speaks of."""
    patient = await read_resource(key, asking, store)
    record = [one for one in await _record(key, wanted, asking, store) if one.key != key]
    directory = await _directory([patient, *record], wanted, asking, store)
    await _log(key, record, asking, store)
    return [
        patient,
        *(one for one in [*record, *directory] if wanted.since is None or one.at >= wanted.since),
    ]


async def read_whole_plan(key: str, asking: Asking, store: Store) -> Sequence[Stored]:
    """Give the plan, its person, all that belongs to it, and the directory rows that these speak of."""
    plan = await read_resource(key, asking, store)
    if plan.patient is None:
        raise BadRequest(Told("invalid", f"{key} is no person's plan."))
    everything = {one.key: one for one in await _record(plan.patient, Wanted(), asking, store)} | {key: plan}
    held = {one.key: Held(one.key, one.version, _opened(one), one.patient) for one in everything.values()}
    circle = circle_of(held[key], held)
    meant = keys_referred_to(held[key].resource) | {plan.patient}
    parts = [one for at, one in everything.items() if at != key and at in circle | meant]
    directory = await _directory([plan, *parts], Wanted(), asking, store)
    await _log(plan.patient, parts, asking, store)
    return [plan, *parts, *directory]


async def _record(person: str, wanted: Wanted, asking: Asking, store: Store) -> Sequence[Stored]:
    kinds = [name for name, row in TYPES.items() if row.kind is Kind.PERSON and _covers(name, wanted, asking)]
    sight = joined(sight_of(kind, asking) for kind in ("Patient", *kinds))
    return await store.records.visible(person, kinds, sight, asking.now) if kinds else []


async def _directory(
    speaking: Sequence[Stored], wanted: Wanted, asking: Asking, store: Store
) -> Sequence[Stored]:
    found: dict[str, Stored] = {}
    news: Sequence[Stored] = speaking
    for _ in range(DIRECTORY_DEPTH):
        keys = {key for one in news for key in keys_referred_to(_opened(one))} - found.keys()
        keys = {key for key in keys if _is_directory(key) and _covers(key.split("/")[0], wanted, asking)}
        if not keys:
            break
        within = joined(sight_of(kind, asking) for kind in {key.split("/")[0] for key in keys})
        more = await store.records.directory(keys, within)
        found |= more
        news = list(more.values())
    return list(found.values())


def _is_directory(key: str) -> bool:
    row = TYPES.get(key.split("/", maxsplit=1)[0])
    return row is not None and row.kind is Kind.DIRECTORY


def _covers(kind: str, wanted: Wanted, asking: Asking) -> bool:
    """Leave out, without a word, what the scopes do not cover: a token says what it is for."""
    if wanted.types is not None and kind not in wanted.types:
        return False
    return covered_by_scope(asking.caller, kind, "r").allowed


async def _log(person: str, shown: Sequence[Stored], asking: Asking, store: Store) -> None:
    keys = [one.key for one in shown]
    row = Access(
        asking.now, asking.caller, "E", "Patient", person, keys, allowed=True, reason="care relation",
        request_id=asking.request_id, query="$everything",
    )  # fmt: skip
    await store.log.record([row])


def _opened(stored: Stored) -> Resource:
    resource: Resource = orjson.loads(stored.body)
    return resource
