"""POST / with a Bundle of type batch: each entry is done, or refused, by itself."""

from collections.abc import Sequence

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told, outcome_bytes
from services.sip.domain.errors import SipError
from services.sip.fhir.answers import FhirResponse, refusal_of
from services.sip.fhir.entries import ORDER, Entry
from services.sip.fhir.inner import Answer, answer_to
from services.sip.use_cases.ports import Asking


async def batch(request: Request, entries: Sequence[Entry], asking: Asking) -> Response:
    """Do one after the other, in FHIR's order, and answer in the order they came."""
    answers: dict[int, Answer] = {}
    for position in sorted(range(len(entries)), key=lambda at: ORDER.index(entries[at].method)):
        answers[position] = await _answer(entries[position], request, asking)
    done = [answers[position].entry() for position in range(len(entries))]
    bundle = {"resourceType": "Bundle", "type": "batch-response", "entry": done}
    return FhirResponse(orjson.dumps(bundle))


async def _answer(entry: Entry, request: Request, asking: Asking) -> Answer:
    if not entry.path.strip("/"):
        text = "A Bundle within a Bundle is not acted on; a search names the type."
        return Answer(400, {}, outcome_bytes([Told("not-supported", text, f"{entry.where}.request.url")]))
    try:
        return await answer_to(entry, request, asking.request_id)
    except SipError as error:
        refused = refusal_of(error)
        return Answer(refused.status_code, {}, bytes(refused.body))
    except Exception:  # noqa: BLE001 - a fault of ours in one entry, logged where it happened, is no fault of the others
        told = Told(
            "exception", "Something went wrong on our side with this entry. Try it again.", entry.where
        )
        return Answer(500, {}, outcome_bytes([told]))
