"""Which Encounter an identifier means: the one its unit sent before under it, or may see with it, or a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid5

import orjson

from services.chassis.outcome import Told
from services.sip.domain.access import reader_key
from services.sip.domain.errors import BadRequest, NotOneMatch, SipError, gone
from services.sip.domain.exact_json import dumped, exact
from services.sip.domain.held import Resource
from services.sip.domain.sight import Sight
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.ports import Asking, Records, Stored

KIND: Final = "Encounter"
IDS: Final = UUID("6c1f7f0e-3b0e-5d0a-9a52-0f1d5a3f7c11")
"""The namespace of ids made from identifiers: two imports of one contact at once meet on one id."""

Identifier = tuple[str, str]
"""System and value."""


def identifier_of(resource: Resource) -> Identifier:
    """Give the first identifier, by which a contact is known again; raises BadRequest where there is none."""
    for one in resource.get("identifier", ()):
        if isinstance(one, dict) and isinstance(one.get("system"), str) and isinstance(one.get("value"), str):
            return one["system"], one["value"]
    text = (
        "An imported Encounter needs an identifier with system and value: by it it is known when sent again."
    )
    raise BadRequest(Told("required", text, f"{KIND}.identifier"))


def id_for(unit: str, identifier: Identifier) -> str:
    """Make the id of a unit's contact out of its identifier."""
    return str(uuid5(IDS, "\n".join((unit, *identifier))))


@dataclass(frozen=True, slots=True)
class Meant:
    """What each draft means here: as it is to be written, None where it is there already; or why it cannot be."""

    drafts: Sequence[Draft]
    unchanged: Sequence[Stored]
    refused: Sequence[tuple[Draft, SipError]]


async def what_is_meant(
    drafts: Mapping[Identifier, Draft], unit: str, asking: Asking, records: Records
) -> Meant:
    """Look all of them up at once."""
    ids = {f"{KIND}/{id_for(unit, one)}": one for one in drafts}
    found = await records.bearing(
        KIND, list(drafts), Sight(reader_key(asking.caller), viewer=reader_key(asking.caller)), asking.now
    )
    deleted = await records.deleted_among(ids)
    todo: list[Draft] = []
    unchanged: list[Stored] = []
    refused: list[tuple[Draft, SipError]] = []
    for key, identifier in ids.items():
        draft, there = drafts[identifier], found.get(identifier, ())
        if len(there) > 1:
            text = "Several Encounters bear this identifier: end the doubled ones by themselves first."
            refused.append((draft, NotOneMatch(Told("multiple-matches", text, draft.where))))
        elif there and samecontent_of(draft.resource, there[0]):
            unchanged.append(there[0])
        elif there:
            number = there[0].key.partition("/")[2]
            todo.append(replace(draft, id=number, replaces=there[0].version))
        elif key in deleted:
            refused.append((draft, gone(key)))
        else:
            todo.append(replace(draft, id=key.partition("/")[2]))
    return Meant(todo, unchanged, refused)


def samecontent_of(sent: Resource, stored: Stored) -> bool:
    """Tell whether what was sent is what is stored, to the digit, but for what the server itself adds."""
    return content_of(sent) == content_of(exact(stored.body, orjson.loads(stored.body)))


def content_of(resource: Resource) -> bytes:
    """Write what a resource says in one fixed way, numbers as they were written."""
    rest = {name: value for name, value in resource.items() if name not in {"id", "meta"}}
    meta = {name: value for name, value in resource.get("meta", {}).items() if name not in SERVERS}
    return dumped(_sorted(rest | ({"meta": meta} if meta else {})))


SERVERS: Final = frozenset({"versionId", "lastUpdated"})


def _sorted(node: object) -> object:
    if isinstance(node, dict):
        return {name: _sorted(node[name]) for name in sorted(node)}
    return [_sorted(one) for one in node] if isinstance(node, list) else node
