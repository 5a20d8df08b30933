"""FHIR OperationOutcome: how every failure under /fhir is told."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import orjson

CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell: FHIR issue type, what was wrong and what to do, and where (FHIRPath), if anywhere."""

    code: str
    text: str
    expression: str | None = None
    severity: str = "error"
    rule: str | None = None
    basis: str | None = None


def operation_outcome(told: Iterable[Told]) -> dict[str, Any]:
    """Build the OperationOutcome; `rule` becomes a coding that clients match on, `basis` goes to diagnostics."""
    return {"resourceType": "OperationOutcome", "issue": [_issue(one) for one in told]}


def outcome_bytes(told: Iterable[Told]) -> bytes:
    """Build the OperationOutcome as JSON bytes."""
    return orjson.dumps(operation_outcome(told))


def _issue(told: Told) -> dict[str, Any]:
    text = CONTROL.sub("\ufffd", told.text)  # FHIR's strings hold none, and a text may quote what was sent
    details: dict[str, Any] = {"text": text}
    if told.rule:
        details["coding"] = [{"system": "https://samplan.example/fhir/CodeSystem/rule", "code": told.rule}]
    issue: dict[str, Any] = {"severity": told.severity, "code": told.code, "details": details}
    issue["diagnostics"] = f"{text} [{told.basis}]" if told.basis else text
    if told.expression:
        issue["expression"] = [told.expression]
    return issue
