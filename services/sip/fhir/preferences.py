"""What a client prefers to get: https://hl7.org/fhir/R4/http.html#ops."""

from typing import Final, Literal

from starlette.requests import Request

from services.chassis.outcome import Told, outcome_bytes
from services.sip.use_cases.ports import Stored

Return = Literal["minimal", "representation", "OperationOutcome"]
_RETURNS: Final[dict[str, Return]] = {
    "return=minimal": "minimal",
    "return=operationoutcome": "OperationOutcome",
}


def preferred(request: Request) -> Return:
    """Read Prefer: return=…; what is not understood is as if it were not said, as HTTP has it."""
    return preferred_in(",".join(request.headers.getlist("prefer")))


def preferred_in(prefer: str) -> Return:
    """Read the value of a Prefer header."""
    wishes = (one.strip().replace('"', "").lower() for one in prefer.replace(";", ",").split(","))
    return next((_RETURNS[one] for one in wishes if one in _RETURNS), "representation")


def body_of(stored: Stored, wish: Return, told: str) -> bytes:
    """Give the body of an answer to a write."""
    if wish == "minimal":
        return b""
    if wish == "OperationOutcome":
        return done_outcome(told)
    return stored.body


def done_outcome(text: str) -> bytes:
    """Tell that all went well."""
    return outcome_bytes([Told("informational", text, severity="information")])
