"""Stored documents: how versions, rights and accesses are written down, and read back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from bson.binary import Binary

from services.chassis.principal import Principal
from services.sip.domain.audit_event import audit_event
from services.sip.domain.emergency import Opening
from services.sip.domain.exact_json import dumped, exact
from services.sip.domain.held import Held, Place, Reader
from services.sip.domain.protected_identity import masked
from services.sip.domain.search_entries import Entries
from services.sip.domain.sight import MASKING, Sight
from services.sip.storage.search_filter import condition_filter
from services.sip.use_cases.ports import Access, Behind, NewVersion, Stored

OUT = dict.fromkeys(("key", "version", "at", "body", "patient", "deleted", "fingerprint", "masked"), 1) | {
    "_id": 0
}
BEHIND = {"_id": 0, "version": 1, "patient": 1, "deleted": 1, "own": 1, "readers": 1}
HELD = {**OUT, "own": 1, "place": 1, "readers": 1}


def version_document(new: NewVersion) -> dict[str, Any]:
    """Write a version down; `unsent` keeps it in the outbox until its events are told."""
    kind, number = new.key.split("/")
    document: dict[str, Any] = {
        "_id": f"{new.key}/{new.version}",
        "key": new.key,
        "type": kind,
        "id": number,
        "version": new.version,
        "at": new.at,
        "seq": new.seq,
        **({"deleted": True} if new.deleted else {"current": True}),
        "patient": new.patient,
        "own": {"unit": new.own.unit, "giver": new.own.giver},
        "body": Binary(new.body),
        "by": by(new.caller),
        "reason": new.reason,
        "readers": reader_documents(new.readers),
        **search_fields(new.entries),
    }
    if new.place.unit or new.place.giver:
        document["place"] = {"unit": new.place.unit, "giver": new.place.giver}
    if new.identities:
        document["identities"] = list(new.identities)
    if new.masked is not None:
        document["masked"] = {"body": Binary(new.masked), "unit": new.own.unit}
    if new.alarm:
        document["alarm"] = new.alarm
    if new.fingerprint:
        document["fingerprint"] = new.fingerprint
    if new.changes:
        document["events"] = [{"type": one.type, "parties": list(one.parties)} for one in new.changes]
        document["unsent"] = True
    return document


def mask_document(of: Held) -> dict[str, Any]:
    """Write down how others see a version that was stored before it was protected, and which unit sees it whole."""
    return {"body": Binary(dumped(masked(of.resource))), "unit": of.own.unit}


def search_fields(entries: Entries) -> dict[str, Any]:
    """Write down what a version is found by; most have no amounts, and no place in that index."""
    fields: dict[str, Any] = {
        "terms": sorted(entries.terms),
        "dates": [{"param": param, "lo": low, "hi": high} for param, low, high in entries.dates],
        "sort": {param: {"low": low, "high": high} for param, (low, high) in entries.sort.items()},
    }
    if entries.amounts:
        fields["amounts"] = [
            {
                "param": param,
                "lo": one.low,
                "hi": one.high,
                "system": one.system,
                "code": one.code,
                "unit": one.unit,
            }
            for param, one in entries.amounts
        ]
    return fields


SUPERSEDED = dict.fromkeys(
    ("current", "readers", "terms", "dates", "sort", "amounts", "identities", "place", "alarm"), ""
)
"""What a version loses when a newer one takes its place: it is no longer searched, and rights stand on the newest."""


NEWEST = {"readers": {"$exists": True}}
"""Rights stand on the newest version alone, also when that marks a deletion and so is not current."""


def reader_documents(readers: Sequence[Reader]) -> list[dict[str, Any]]:
    """Write rights down."""
    return [{"unit": one.unit, "from": one.start, "until": one.end} for one in readers]


def by(caller: Principal) -> dict[str, str | None]:
    """Write down who acted."""
    return {
        "subject": caller.subject,
        "client": caller.client_id,
        "employee": caller.employee,
        "unit": caller.unit,
        "giver": caller.giver,
        "purpose": caller.purpose,
        **({"relative": caller.relative} if caller.relative else {"patient": caller.patient}),
    }


def stored(document: dict[str, Any], sight: Sight = MASKING) -> Stored:
    """Read a version back as it is handed out: masked, unless the viewer may see all of it."""
    body, mask = document["body"], document.get("masked")
    if mask is not None and not sight.sees_whole(mask["unit"], document.get("patient")):
        body = mask["body"]
    return Stored(
        document["key"],
        document["version"],
        document["at"],
        bytes(body),
        document.get("patient"),
        bool(document.get("deleted")),
        document.get("fingerprint", ""),
    )


def held(document: dict[str, Any]) -> Held:
    """Read a version back as rules look at it."""
    own, place = document.get("own") or {}, document.get("place") or {}
    return Held(
        key=document["key"],
        version=document["version"],
        resource=exact(document["body"], orjson.loads(document["body"])),
        patient=document.get("patient"),
        own=Place(own.get("unit"), own.get("giver")),
        place=Place(place.get("unit"), place.get("giver")),
        readers=readers_in(document),
        deleted=bool(document.get("deleted")),
    )


def behind(document: dict[str, Any]) -> Behind:
    """Read what stands behind a key, without its content."""
    return Behind(
        document["version"],
        document.get("patient"),
        bool(document.get("deleted")),
        (document.get("own") or {}).get("unit"),
        readers_in(document),
    )


def readers_in(document: dict[str, Any]) -> tuple[Reader, ...]:
    """Read the rights on a document back."""
    return rights_in(document.get("readers", ()))


def rights_in(documents: Sequence[dict[str, Any]]) -> tuple[Reader, ...]:
    """Read rights back."""
    return tuple(Reader(one["unit"], one["from"], one["until"]) for one in documents)


def openings_in(guard: dict[str, Any]) -> tuple[Opening, ...]:
    """Read the emergencies in which a person's record was opened back from their guard."""
    return tuple(
        Opening(
            rights_in([one])[0],
            one.get("giver"),
            {lift["giver"]: lift["from"] for lift in one.get("lifted", ())},
        )
        for one in guard.get("emergencies", ())
    )


def access_document(access: Access) -> dict[str, Any]:
    """Write one access down; what a caller looked for is kept in full here and nowhere in the logs."""
    caller = access.caller
    return {
        "at": access.at,
        "action": access.action,
        "type": access.type,
        "person": access.person,
        "keys": list(access.keys),
        "allowed": access.allowed,
        "reason": access.reason,
        "request": access.request_id,
        "query": access.query,
        **by(caller),
        **({"told": list(access.told)} if access.told else {}),
        "unsealed": True,
    }


def audit_outbox_document(
    row: dict[str, Any], guard: dict[str, Any], event: str, told: Sequence[str]
) -> dict[str, Any]:
    """Write down, for the outbox, an event whose focus is an entry of the access log; it is no current resource."""
    number = str(row["_id"])
    key = f"AuditEvent/{number}"
    return {
        "_id": f"{key}/1",
        "key": key,
        "type": "AuditEvent",
        "id": number,
        "version": 1,
        "at": guard["at"],
        "seq": guard["seq"],
        "patient": row["person"],
        "body": Binary(orjson.dumps(audit_event(number, row))),
        "events": [{"type": event, "parties": list(told)}],
        "unsent": True,
    }


def readable(sight: Sight, now: datetime) -> dict[str, Any]:
    """Give the filter that a caller's right to see is; without a reader it is what any valid token may read."""
    wanted: dict[str, Any] = {}
    if sight.reader is not None:
        right = {"unit": sight.reader, "from": {"$lte": now}, "until": {"$gt": now}}
        wanted["readers"] = {"$elemMatch": right}
    return wanted | within_scopes(sight)


def within_scopes(sight: Sight) -> dict[str, Any]:
    """Give the filter that the scopes' queries are: of their types nothing that these do not find."""
    if not sight.within:
        return {}
    return {"$nor": [{"type": kind, "$nor": [condition_filter(kind, one)]} for kind, one in sight.within]}
