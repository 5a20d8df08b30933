"""A version as it will be stored, with its events, and the access rows of the write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.sip.domain.care import events
from services.sip.domain.care.events import CHANGED, RAISED
from services.sip.domain.care.moments_told import next_moment
from services.sip.domain.events import Change, parties_of
from services.sip.domain.exact_json import dumped
from services.sip.domain.held import Held, Reader, Resource
from services.sip.domain.identity import identities_of
from services.sip.domain.protected_identity import masked
from services.sip.domain.search_entries import Entries, entries_of
from services.sip.domain.social_service import SocialService
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.ports import Access, Asking, Moment, NewVersion


def instant(at: datetime) -> str:
    """Write a moment as a FHIR instant in UTC, to the millisecond."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


@dataclass(frozen=True, slots=True)
class Decided:
    """What the whole scene decides about one version: who may read it, and what of it must not be searched for."""

    readers: tuple[Reader, ...]
    social: SocialService
    shielded: bool = False
    """Whether others see it masked."""


def new_version(
    before: Held | None, after: Held, decided: Decided, asking: Asking, moment: Moment
) -> NewVersion:
    """Complete a version: its meta, bytes, search terms and events."""
    resource, readers = _with_meta(after, moment.at), decided.readers
    types = _events(before, after) if after.patient else []
    shown = masked(resource) if decided.shielded else resource
    return NewVersion(
        key=after.key,
        version=after.version,
        at=moment.at,
        seq=moment.seq,
        body=dumped(resource),
        patient=after.patient,
        own=after.own,
        place=after.place,
        readers=readers,
        entries=Entries() if after.deleted else entries_of(shown, decided.social),
        identities=[] if after.deleted else identities_of(resource),
        changes=[Change(one, _parties(one, readers, asking)) for one in types],
        caller=asking.caller,
        reason="own unit's assignment" if before is None else "care relation",
        fingerprint=asking.fingerprint if before is None else "",
        alarm=None if after.deleted else next_moment(resource),
        masked=dumped(shown) if decided.shielded else None,
        deleted=after.deleted,
    )


def _parties(type: str, readers: Sequence[Reader], asking: Asking) -> tuple[str, ...]:
    """Who acted knows it already; what comes to a work list is told to its unit whoever gave cause to it."""
    return parties_of(readers, asking.now, None if type == RAISED else asking.caller.unit)


def _events(before: Held | None, after: Held) -> list[str]:
    if after.deleted:
        return [CHANGED]
    return events(before.resource if before else None, after.resource)


def _with_meta(held: Held, at: datetime) -> Resource:
    """Put id and meta first; the client's profiles, labels and tags stay, version and time are the server's."""
    rest = {
        name: value for name, value in held.resource.items() if name not in {"resourceType", "id", "meta"}
    }
    kept = {k: v for k, v in held.resource.get("meta", {}).items() if k not in {"versionId", "lastUpdated"}}
    kind, number = held.key.split("/")
    meta = {"versionId": str(held.version), "lastUpdated": instant(at), **kept}
    return {"resourceType": kind, "id": number, "meta": meta, **rest}


def _action(drafts: Sequence[Draft]) -> str:
    """Creating or deleting alone is told as such; any mixture is a change of the record."""
    if all(draft.deletes for draft in drafts):
        return "D"
    return "C" if all(draft.creates for draft in drafts) else "U"


def access_rows(
    pairs: Sequence[tuple[Draft, str | None]],
    followed: Sequence[str],
    after: Mapping[str, Held],
    asking: Asking,
) -> list[Access]:
    """Give one row for each person written about, and one for the directory if it was."""
    rows = []
    by_person: dict[str, list[Draft]] = {}
    for draft, one in pairs:
        by_person.setdefault(one or "", []).append(draft)
    for person, drafts in sorted(by_person.items()):
        keys = [draft.key for draft in drafts] + [key for key in followed if after[key].patient == person]
        action = _action(drafts)
        rows.append(
            Access(
                asking.now, asking.caller, action, drafts[0].type, person or None, keys, allowed=True,
                reason="own unit's assignment" if action == "C" else "care relation", request_id=asking.request_id,
            )
        )  # fmt: skip
    return rows
