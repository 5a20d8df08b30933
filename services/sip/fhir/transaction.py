"""POST / with a Bundle: a transaction is stored whole or not at all; a batch entry by entry."""

from collections.abc import Sequence
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told, operation_outcome
from services.sip.domain.errors import NotSupported
from services.sip.fhir.answers import FhirResponse
from services.sip.fhir.asking import Wiring
from services.sip.fhir.batch import batch
from services.sip.fhir.body import resource_in
from services.sip.fhir.entries import ORDER, Entry, entries_of
from services.sip.fhir.entry_drafts import draft_of_entry
from services.sip.fhir.inner import Answer, answer_to
from services.sip.fhir.preferences import Return, preferred
from services.sip.use_cases.drafts import Draft, Written
from services.sip.use_cases.new_versions import instant
from services.sip.use_cases.ports import Asking
from services.sip.use_cases.write_resources import write_resources

READS = frozenset({"GET", "HEAD"})


async def act_on_bundle(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Do what a Bundle of type transaction or batch asks for."""
    bundle, plain = await resource_in(request, "Bundle")
    if plain.get("type") not in {"transaction", "batch"}:
        raise NotSupported(
            Told("not-supported", "Send a Bundle of type transaction or batch.", "Bundle.type")
        )
    entries = entries_of(bundle, plain, wiring.policy.base)
    if plain["type"] == "batch":
        return await batch(request, entries, asking)
    return await _transaction(request, entries, asking, wiring)


async def _transaction(
    request: Request, entries: Sequence[Entry], asking: Asking, wiring: Wiring
) -> Response:
    """Try what is to be read, write all at once, then read: a read that fails is known before anything is written."""
    reads = {at: entry for at, entry in enumerate(entries) if entry.method in READS}
    writes = sorted(set(range(len(entries))) - reads.keys(), key=lambda at: ORDER.index(entries[at].method))
    for entry in reads.values():
        answer = await answer_to(entry, request, asking.request_id)
        if answer.failed:
            return _refused(entry, answer)
    drafts = [await draft_of_entry(entries[at], asking, wiring) for at in writes]
    done = dict(zip(writes, await _written(drafts, asking, wiring), strict=True))
    wish = preferred(request)
    answers: list[dict[str, Any]] = []
    for at, entry in enumerate(entries):
        if at in done:
            answers.append(
                _entry(done[at], wish if "prefer" in request.headers else "minimal", wiring.policy.base)
            )
        else:
            answers.append((await answer_to(entry, request, asking.request_id)).entry())
    return FhirResponse(
        orjson.dumps({"resourceType": "Bundle", "type": "transaction-response", "entry": answers})
    )


async def _written(drafts: Sequence[Draft], asking: Asking, wiring: Wiring) -> Sequence[Written]:
    return await write_resources(drafts, asking, wiring.store, wiring.policy) if drafts else []


def _refused(entry: Entry, answer: Answer) -> Response:
    """Refuse the whole for the sake of one read, in that read's own words."""
    told = Told(
        "processing", f"{entry.method} {entry.url:.200} fails, so that nothing was done.", entry.where
    )
    outcome = operation_outcome([told])
    outcome["issue"] += orjson.loads(answer.body or b'{"issue":[]}').get("issue", [])
    return FhirResponse(orjson.dumps(outcome), answer.status)


def _entry(written: Written, wish: Return, base: str) -> dict[str, Any]:
    stored = written.stored
    if not stored.key:
        return {"response": {"status": "204 No Content"}}
    status = "204 No Content" if stored.deleted else "201 Created" if written.created else "200 OK"
    response = {"status": status, "etag": f'W/"{stored.version}"', "lastModified": instant(stored.at)}
    if not stored.deleted:
        response["location"] = f"{base}/{stored.key}/_history/{stored.version}"
    entry: dict[str, Any] = {"fullUrl": f"{base}/{stored.key}", "response": response}
    if wish == "OperationOutcome":
        told = Told(
            "informational", f"{stored.key} is done, version {stored.version}.", severity="information"
        )
        response["outcome"] = operation_outcome([told])  # type: ignore[assignment]
    if wish == "representation" and not stored.deleted:
        entry["resource"] = orjson.Fragment(stored.body)
    return entry
