"""POST Encounter/$import: NDJSON, read as it comes; GET tells how far it came; $import-report what was refused."""

import re
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from services.chassis.lines import Line, lines_of
from services.chassis.outcome import Told, operation_outcome
from services.chassis.strict_json import UnreadableJson, read_json
from services.sip.domain.access import covered_by_scope, may_write
from services.sip.domain.errors import (
    BadRequest,
    NotAllowed,
    NotFound,
    ScopeTooNarrow,
    StoreBusy,
    UnsupportedMedia,
)
from services.sip.domain.exact_json import exact
from services.sip.fhir.answers import FhirResponse, refusal
from services.sip.fhir.asking import Wiring
from services.sip.fhir.body import LARGEST, media_type_of
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.import_encounters import Sent, import_encounters
from services.sip.use_cases.import_ports import ImportProgress
from services.sip.use_cases.new_versions import instant
from services.sip.use_cases.ports import Asking
from services.sip.use_cases.sent_before import KIND
from services.sip.use_cases.store_part import Importing

NDJSON: Final = "application/fhir+ndjson"
TAKEN: Final = frozenset({NDJSON, "application/ndjson", "application/x-ndjson"})
LINE_EXTENSION: Final = "https://samplan.example/fhir/StructureDefinition/import-line"
ID: Final = re.compile(r"[A-Za-z0-9.\-]{1,64}")


async def import_or_tell(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Load what is sent, or tell how far an import came."""
    unit = _unit(asking)
    if request.method != "POST":
        return _told(await _known(request, unit, wiring), wiring)
    number, first = _asked(request, "id", "line")
    if (
        media_type_of(request) not in TAKEN
        or request.headers.get("content-encoding", "identity") != "identity"
    ):
        raise UnsupportedMedia(
            Told("not-supported", f"Send {NDJSON}, one Encounter a line, neither compressed nor wrapped.")
        )
    importing = Importing(
        number or str(uuid.uuid4()), unit, asking, wiring.store, wiring.imports, wiring.policy,
        lambda: datetime.fromtimestamp(wiring.clock(), UTC),
    )  # fmt: skip
    begun = await wiring.imports.begin(unit, importing.id, asking.now)
    if first > begun.lines + 1:
        text = f"{begun.lines} lines have come; go on with line {begun.lines + 1}, or any before it."
        raise BadRequest(Told("value", text, "http.line"))
    try:
        lines = lines_of(request.stream(), LARGEST, first)
        return _told(await import_encounters(_sent(lines), importing), wiring)
    except ClientDisconnect:
        return refusal(400, [Told("incomplete", "The connection ended before the body did; go on later.")])
    except StoreBusy as busy:
        came = await wiring.imports.progress(unit, importing.id)
        text = (
            f"{busy.told[0].text} Import {importing.id} goes on with line {(came.lines if came else 0) + 1}."
        )
        raise StoreBusy(Told("transient", text)) from busy


async def import_report(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Stream an OperationOutcome for each line that was refused, in their order."""
    unit = _unit(asking)
    known = await _known(request, unit, wiring)
    _, after = _asked(request, "id", "after", least=0)

    async def rows() -> AsyncIterator[bytes]:
        async for one in wiring.imports.refusals(unit, known.id, after):
            line = [{"url": LINE_EXTENSION, "valuePositiveInt": one.line}]
            outcome = operation_outcome(one.told)
            yield (
                orjson.dumps(
                    {"resourceType": "OperationOutcome", "extension": line, "issue": outcome["issue"]}
                )
                + b"\n"
            )

    return StreamingResponse(rows(), media_type=NDJSON, headers={"Cache-Control": "no-store"})


async def _sent(lines: AsyncIterator[Line]) -> AsyncIterator[Sent]:
    """Read each line that holds something, as strictly as a body that comes alone."""
    async for line in lines:
        if line.raw is None:
            text = f"The line is longer than the {LARGEST} bytes that are read."
            yield Sent(line.number, None, [Told("too-long", text)])
        elif line.raw.strip():
            yield _read(line.number, line.raw)


def _read(number: int, raw: bytes) -> Sent:
    try:
        plain = read_json(raw)
    except UnreadableJson as unreadable:
        return Sent(number, None, [Told("structure", str(unreadable))], len(raw))
    if not isinstance(plain, dict) or plain.get("resourceType") != KIND:
        text = f"The line must be a JSON object with resourceType {KIND}."
        return Sent(number, None, [Told("structure", text, KIND)], len(raw))
    plain.pop("id", None)
    resource = exact(raw, plain)
    resource.pop("id", None)
    return Sent(number, Draft(KIND, resource, plain, where=f"{KIND}[{number}]"), bytes=len(raw))


def _unit(asking: Asking) -> str:
    """Give the unit that imports are of; raises ScopeTooNarrow, NotAllowed."""
    covered = covered_by_scope(asking.caller, KIND, "c")
    if not covered.allowed:
        raise ScopeTooNarrow(Told("forbidden", f"The token does not allow this: {covered.reason}."))
    allowed = may_write(asking.caller, KIND)
    if not allowed.allowed or not asking.caller.unit:
        raise NotAllowed(Told("forbidden", f"This is not allowed: {allowed.reason}."))
    return asking.caller.unit


async def _known(request: Request, unit: str, wiring: Wiring) -> ImportProgress:
    number, _ = _asked(request, "id", "after", least=0)
    found = await wiring.imports.progress(unit, number) if number else None
    if found is None:
        raise NotFound(Told("not-found", "Your unit has no import of this id; name it as ?id=…"))
    return found


def _asked(request: Request, id: str, whole: str, least: int = 1) -> tuple[str, int]:
    """Read the import's id and a whole number out of the query; raises BadRequest."""
    for name in request.query_params:
        if name not in {id, whole, "_format"}:
            raise BadRequest(
                Told("not-supported", f"{name:.60} is no input of this; it takes {id} and {whole}.")
            )
    number, count = request.query_params.get(id, ""), request.query_params.get(whole, str(least))
    if number and not ID.fullmatch(number):
        raise BadRequest(Told("value", "An import's id is 1 to 64 of A-Z, a-z, 0-9, - and .", f"http.{id}"))
    if not (count.isascii() and count.isdigit() and len(count) < 12 and int(count) >= least):
        raise BadRequest(Told("value", f"{whole} is a whole number from {least}.", f"http.{whole}"))
    return number, int(count)


def _told(came: ImportProgress, wiring: Wiring) -> Response:
    counts = came.counts
    whole = {
        "lines": came.lines, "created": counts.created, "changed": counts.changed,
        "unchanged": counts.unchanged, "refused": counts.refused,
    }  # fmt: skip
    parameters: list[dict[str, Any]] = [{"name": "id", "valueString": came.id}]
    parameters += [{"name": name, "valueInteger": value} for name, value in whole.items()]
    parameters += [
        {"name": "ended", "valueBoolean": came.ended},
        {"name": "begun", "valueInstant": instant(came.begun)},
        {"name": "report", "valueUrl": f"{wiring.policy.base}/{KIND}/$import-report?id={came.id}"},
    ]
    return FhirResponse(orjson.dumps({"resourceType": "Parameters", "parameter": parameters}))
