"""Every failure under /api/v1 as problem details (RFC 9457), told once, here."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi.exceptions import RequestValidationError

from services.chassis.outcome import Told
from services.chassis.problem import Problem
from services.sip.api.plain_rules import PLAIN, PRINCIPALS
from services.sip.domain import errors

STATUS: Final[Mapping[type[errors.SipError], tuple[int, str]]] = {
    errors.BadRequest: (400, "Not understood"),
    errors.ScopeTooNarrow: (403, "The token does not allow this"),
    errors.NotAllowed: (403, "Not allowed"),
    errors.TooCostly: (403, "Too costly"),
    errors.NotFound: (404, "Not here, or not for you to see"),
    errors.NotSupported: (404, "Not served"),
    errors.AlreadyThere: (409, "There already"),
    errors.StillReferredTo: (409, "Still referred to"),
    errors.Gone: (410, "Deleted"),
    errors.ChangedMeanwhile: (412, "Changed meanwhile"),
    errors.NotOneMatch: (412, "Not one of them"),
    errors.UnsupportedMedia: (415, "Not JSON"),
    errors.ShapeBroken: (422, "The content does not hold"),
    errors.RulesBroken: (422, "A rule of care or law would be broken"),
    errors.RequestDiffers: (422, "The Idempotency-Key was used for another request"),
    errors.PreconditionMissing: (428, "Say which version you change"),
    errors.StoreBusy: (503, "Try again"),
}
"""A test demands a row for every SipError."""


KEY: Final = re.compile(r"\b[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}\b")


def problem_of(error: errors.SipError, *, lacking: str | None = None) -> Problem:
    """Translate an error; where broken rules mean that something is lacking, `lacking` is the title."""
    status, title = STATUS[type(error)]
    headers = {}
    if status == 503:
        headers["Retry-After"] = "1"
    if isinstance(error, errors.ScopeTooNarrow):
        headers["WWW-Authenticate"] = 'Bearer error="insufficient_scope"'
    broken = [_plainly(one) for one in error.told if one.severity in {"error", "fatal"}]
    if not isinstance(error, errors.RulesBroken | errors.ShapeBroken):
        return Problem(status, title, str(error), headers, **_first(broken))
    if lacking:
        return Problem(status, lacking, _summed(broken), headers, **_first(broken), missing=broken)
    return Problem(status, title, _summed(broken), headers, **_first(broken), violations=broken)


def problem_of_request(error: RequestValidationError) -> Problem:
    """Tell what in a request is not as described: every place, never the value that stood there."""
    told = [_misread(one, error.body) for one in error.errors()]
    broken = [one for number, one in enumerate(told) if one not in told[:number]]
    return Problem(400, "Not understood", _summed(broken), **_first(broken), violations=broken)


def _first(broken: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = ("rule", "where", "basis")
    return {name: broken[0][name] for name in names if broken and name in broken[0]}


def _summed(broken: Sequence[Mapping[str, Any]]) -> str:
    return " ".join(one["text"] for one in broken)


def _plainly(told: Told) -> dict[str, Any]:
    """Say it in the words of /api/v1 where the rule speaks of FHIR; what is not known is told as it came."""
    every: dict[str, Any] = {
        "rule": told.rule or told.code,
        "text": told.text,
        "where": told.expression,
        "basis": told.basis,
    }
    if plain := PLAIN.get(told.rule or ""):
        named = KEY.search(told.text)
        principal = next((word for start, word in PRINCIPALS.items() if told.text.startswith(start)), "")
        every |= {"text": plain.text.format(principal=principal), "where": plain.where, "do": plain.do}
        every |= {"about": named and named[0]}
    return {name: value for name, value in every.items() if value}


def _misread(error: Mapping[str, Any], body: Any) -> dict[str, Any]:
    place, *steps = error["loc"]
    where = _pointer(steps, body) if place == "body" else f"{place}: {'.'.join(map(str, steps))}"
    text = f"{error['msg'].removeprefix('Value error, ')} ({where or 'the whole body'})."
    return {"rule": str(error["type"]).replace("_", "-"), "text": text, "where": where}


def _pointer(steps: Sequence[Any], body: Any) -> str:
    """Write where as a JSON pointer (RFC 6901), without the steps that name types and not places."""
    pointer, node = "", body
    for number, step in enumerate(steps):
        inside = isinstance(node, dict) and step in node
        inside |= isinstance(node, list) and isinstance(step, int) and step < len(node)
        if inside:
            node = node[step]
        if inside or number == len(steps) - 1:
            pointer += "/" + str(step).replace("~", "~0").replace("/", "~1")
    return pointer
