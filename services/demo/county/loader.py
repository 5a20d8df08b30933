"""Posts the county's transactions to the service, and learns from each answer what the server calls what it made."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import anyio
import orjson

from services.demo.county.fhir import Entry, Resource
from services.demo.county.loads import Load

URN: Final = re.compile(rb"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class LoadRefused(Exception):
    """The service did not take a transaction; the text says which, and what it answered."""


class Post(Protocol):
    """Sends one transaction Bundle as the load's unit and gives the transaction-response; raises LoadRefused."""

    async def __call__(self, load: Load, body: bytes) -> Resource:
        """Post the body to the service's FHIR base."""
        ...


class Progress(Protocol):
    """Is told how far the loading has come."""

    def __call__(self, entries: int, label: str) -> None:
        """Note that so many further entries are stored, and what they were."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """What the server calls a resource: `Type/id`, and its newest version that is known."""

    key: str
    version: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was loaded: how many entries in how many transactions, in how many seconds, and where each name is."""

    entries: int
    bundles: int
    seconds: float
    placed: Mapping[str, str]

    def id_of(self, name: str) -> str:
        """Give the id that the server gave to what was sent under this name; KeyError when nothing was."""
        return self.placed[name].partition("/")[2]


async def load_county(loads: Sequence[Load], post: Post, progress: Progress) -> Report:
    """Post every transaction: the directory in order, then the lanes side by side, each in its own order."""
    began = time.perf_counter()
    known: dict[bytes, Placed] = {}

    async def in_order(several: Sequence[Load]) -> None:
        for load in several:
            answer = await post(load, ready(load.bundle, known))
            known.update(learnt(load, answer, known))
            progress(len(load.bundle["entry"]), load.label)

    await in_order([one for one in loads if one.lane is None])
    lanes = sorted({one.lane for one in loads if one.lane is not None})
    try:
        async with anyio.create_task_group() as side_by_side:
            for lane in lanes:
                side_by_side.start_soon(in_order, [one for one in loads if one.lane == lane])
    except ExceptionGroup as several:
        # Lanes that fall together mostly fall for one reason: the first tells it.
        raise several.exceptions[0] from None
    return Report(
        entries=sum(len(one.bundle["entry"]) for one in loads),
        bundles=len(loads),
        seconds=time.perf_counter() - began,
        placed={name.decode(): one.key for name, one in known.items()},
    )


def ready(bundle: Resource, known: Mapping[bytes, Placed]) -> bytes:
    """Write a bundle with every name the server knows replaced by its `Type/id`; the rest it resolves itself."""
    entries = [_addressed(one, known) for one in bundle["entry"]]
    body = orjson.dumps(bundle | {"entry": entries})

    def known_or_kept(found: re.Match[bytes]) -> bytes:
        placed = known.get(found.group())
        return placed.key.encode() if placed else found.group()

    return URN.sub(known_or_kept, body)


def _addressed(entry: Entry, known: Mapping[bytes, Placed]) -> Entry:
    """Give an update its address, the resource its id, and If-Match the version last seen."""
    if entry["request"]["method"] != "PUT":
        return entry
    placed = known[entry["request"]["url"].encode()]
    resource = {"resourceType": entry["resource"]["resourceType"], "id": placed.key.split("/")[1]}
    request = {"method": "PUT", "url": placed.key, "ifMatch": f'W/"{placed.version}"'}
    return {"resource": resource | entry["resource"], "request": request}


def learnt(load: Load, answer: Resource, known: Mapping[bytes, Placed]) -> dict[bytes, Placed]:
    """Read from a transaction-response what the server calls each entry's resource now."""
    given = answer.get("entry", [])
    if len(given) != len(load.bundle["entry"]):
        raise LoadRefused(f"{load.label}: {len(load.bundle['entry'])} entries sent, {len(given)} answered")
    return {
        _name(sent): _placed(load, one["response"], known.get(_name(sent)))
        for sent, one in zip(load.bundle["entry"], given, strict=True)
    }


def _name(entry: Entry) -> bytes:
    name: str = entry.get("fullUrl") or entry["request"]["url"]
    return name.encode()


def _placed(load: Load, response: Mapping[str, Any], before: Placed | None) -> Placed:
    """`location` is `[base/]Type/id/_history/version`; an update may leave it out and give the etag alone."""
    address, _, version = str(response.get("location", "")).partition("/_history/")
    version = version or str(response.get("etag", "")).removeprefix("W/").strip('"')
    key = "/".join(address.split("/")[-2:]) if address else before.key if before else ""
    if not key or not version:
        raise LoadRefused(f"{load.label}: the answer names no location: {dict(response)}")
    return Placed(key, version)
