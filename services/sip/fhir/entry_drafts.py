"""The writes of a transaction as drafts, each as it would be if it came by itself."""

import re
from typing import Any, Final

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest, NotSupported, SipError
from services.sip.domain.held import Resource
from services.sip.domain.resource_types import TYPES
from services.sip.fhir.asking import Wiring
from services.sip.fhir.criteria import criteria, criteria_in_references
from services.sip.fhir.entries import Entry
from services.sip.fhir.patch import JSON_PATCH, change_in, draft_of
from services.sip.fhir.write import version_in
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.patch_resource import find_to_patch, read_to_patch
from services.sip.use_cases.ports import Asking

ADDRESS: Final = re.compile(r"([A-Z][A-Za-z]+)(?:/([A-Za-z0-9\-.]{1,64}))?")


async def draft_of_entry(entry: Entry, asking: Asking, wiring: Wiring) -> Draft:
    """Read one entry that writes; raises the errors of domain/errors.py, with its place."""
    kind, number = _address(entry)
    if entry.method == "PATCH":
        return await _patch(entry, kind, number, asking, wiring)
    conditions = _conditions(entry, kind, asking, wiring)
    if entry.method == "DELETE":
        return Draft(kind, {}, {}, id=number, replaces=_replaces(entry), deletes=True, **conditions)
    resource, plain = _content(entry, kind)
    refers = criteria_in_references(resource, wiring.policy.base, asking.now, f"{entry.where}.resource")
    conditions |= {"refers": refers, "full_url": entry.full_url, "where": f"{entry.where}.resource"}
    if entry.method == "POST":
        for tree in (resource, plain):
            tree.pop("id", None)
        return Draft(kind, resource, plain, **conditions)
    own = _id_in(resource, number, entry)
    return Draft(kind, resource, plain, id=own, replaces=_replaces(entry), puts=not number, **conditions)


def _address(entry: Entry) -> tuple[str, str | None]:
    """Give type and id of the address; a POST is addressed to the type, others to an id or by criteria."""
    found = ADDRESS.fullmatch(entry.path)
    where = f"{entry.where}.request.url"
    if found is None or found[1] not in TYPES:
        text = (
            f"{entry.method} {entry.url:.200} is no address of a resource, or of a type that is served here."
        )
        raise NotSupported(Told("not-supported", text, where))
    kind, number = found[1], found[2]
    if entry.method == "POST" and (number or entry.query):
        raise NotSupported(Told("not-supported", f"A POST is addressed to {kind}.", where))
    if entry.method != "POST" and bool(number) == bool(entry.query):
        text = f"A {entry.method} is addressed to {kind}/<id>, or to {kind}?<criteria>."
        raise BadRequest(Told("value", text, where))
    return kind, number


def _id_in(resource: Resource, number: str | None, entry: Entry) -> str | None:
    own = resource.get("id")
    if number and own != number:
        text = f"The id in the resource must be the one in the address, {entry.path}."
        raise BadRequest(Told("value", text, f"{entry.where}.resource.id"))
    if own is not None and not isinstance(own, str):
        raise BadRequest(Told("value", "An id is a text.", f"{entry.where}.resource.id"))
    return own


def _content(entry: Entry, kind: str) -> tuple[Resource, Resource]:
    resource, plain = entry.resource, entry.plain
    if resource is None or plain is None or resource.get("resourceType") != kind:
        text = f"The resource must be a {kind}, as the address says."
        raise BadRequest(Told("structure", text, f"{entry.where}.resource"))
    return resource, plain


def _conditions(entry: Entry, kind: str, asking: Asking, wiring: Wiring) -> dict[str, Any]:
    text = entry.conditions.get("if-none-exist") if entry.method == "POST" else entry.query
    if not text and (entry.method != "POST" or text is None):
        return {"where": entry.where}
    query = criteria(kind, text or "", wiring.policy.base, asking.now, f"{entry.where}.request")
    return {"where": entry.where, "only_if": query}


def _replaces(entry: Entry) -> int | None:
    """An address by id says which version is meant; with criteria it may be left out."""
    if_match = entry.conditions.get("if-match")
    if entry.query and not if_match:
        return None
    return version_in(if_match, entry.path, f"{entry.where}.request.ifMatch")


async def _patch(entry: Entry, kind: str, number: str | None, asking: Asking, wiring: Wiring) -> Draft:
    raw, media_type = entry.body()
    if media_type not in {JSON_PATCH, "application/fhir+json"}:
        text = f"A patch is a Binary of {JSON_PATCH}, or a Parameters resource."
        raise BadRequest(Told("value", text, f"{entry.where}.resource"))
    change = change_in(raw, media_type, f"{entry.where}.resource")
    replaces = _replaces(entry)
    try:
        if number is not None and replaces is not None:
            before = await read_to_patch(f"{kind}/{number}", replaces, asking, wiring.store)
            return draft_of(change, before, replaces, entry.where)
        query = criteria(kind, entry.query, wiring.policy.base, asking.now, f"{entry.where}.request")
        before, version = await find_to_patch(query, asking, wiring.store)
        return draft_of(change, before, replaces or version, entry.where, puts=True, only_if=query)
    except SipError as error:
        error.told = [Told(one.code, one.text, one.expression or entry.where) for one in error.told]
        raise
