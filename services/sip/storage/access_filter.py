"""A search for AuditEvents as a filter on the rows of the access log they are rendered from.

What a row can say in few ways (its action, its outcome) is asked of an AuditEvent rendered each way; who looked, and
at what, is asked of the row's own fields.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bson import ObjectId
from bson.regex import Regex

from services.sip.domain import codes
from services.sip.domain.audit_event import audit_event
from services.sip.domain.search_entries import entries_of
from services.sip.domain.search_match import Findable, matches
from services.sip.domain.search_query import (
    AnyCondition,
    Condition,
    DateCondition,
    IdCondition,
    TermCondition,
)
from services.sip.domain.search_terms import CODED, PRESENT, REFERRED
from services.sip.storage.search_filter import any_of, moment_filter

Filter = dict[str, Any]
NEVER: Final[Filter] = {"_id": {"$in": []}}
ACTIONS: Final = ("C", "R", "U", "D", "S", "E")
_ROW: Final = {"at": datetime(2026, 1, 1, tzinfo=UTC), "action": "R", "allowed": True, "reason": "", "subject": "",
               "client": ""}  # fmt: skip
_VARIED: Final[Mapping[str, tuple[str, tuple[Any, ...]]]] = {
    "action": ("action", ACTIONS),
    "subtype": ("action", ACTIONS),
    "outcome": ("allowed", (True, False)),
}
"""Parameters that one field decides, and all that it may hold."""
_AT: Final = frozenset({"date", "_lastUpdated"})


def access_filter(condition: Condition) -> Filter:
    """Build the filter of one condition; chains are followed before."""
    match condition:
        case AnyCondition(conditions):
            return any_of(access_filter(one) for one in conditions)
        case IdCondition(ids, negated):
            numbers = [ObjectId(one) for one in ids if ObjectId.is_valid(one)]
            return {"_id": {"$nin" if negated else "$in": numbers}}
        case DateCondition(_, comparisons):
            return any_of(moment_filter("at", *one) for one in comparisons)
        case TermCondition():
            return _terms(condition)
    return NEVER


def _terms(condition: TermCondition) -> Filter:
    if condition.param in _AT:  # asked whether it is missing; every row has its time
        return NEVER if condition.negated else {}
    if condition.param in _REFERRING:
        return _REFERRING[condition.param](condition)
    return _varied(condition, *_VARIED.get(condition.param, ("action", ("R",))))


def _varied(condition: TermCondition, field: str, values: Iterable[Any]) -> Filter:
    """Render an AuditEvent for each value, and keep those it holds for; what no field decides holds always or never."""
    held = [one for one in values if _holds(condition, {**_ROW, field: one})]
    if condition.param in _VARIED:
        return {field: {"$in": held}}
    return {} if held else NEVER


def _holds(condition: TermCondition, row: Mapping[str, Any]) -> bool:
    return matches(condition, Findable("1", row["at"], entries_of(audit_event("1", row))))


def _texts(condition: TermCondition, mark: str) -> list[str]:
    start = condition.param + mark
    return [term.removeprefix(start) for term in condition.terms if term.startswith(start)]


def _present(condition: TermCondition) -> bool:
    return condition.param + PRESENT in condition.terms


def _asked(condition: TermCondition, found: Filter) -> Filter:
    return {"$nor": [found]} if condition.negated else found


def _by_person(keys: Collection[str]) -> Filter:
    """A resident acts by the token's patient claim, a relative by fhirUser, and neither by an employee's."""
    ids = [key.removeprefix("Patient/") for key in keys if key.startswith("Patient/")]
    near = [key for key in keys if key.startswith("RelatedPerson/")]
    acting: list[Filter] = [{"patient": {"$in": ids}}, {"relative": {"$in": near}}]
    return {"employee": {"$in": [None, ""]}, "$or": acting}


def _entity(condition: TermCondition) -> Filter:
    if _present(condition):
        return _asked(condition, {"$or": [{"person": {"$type": "string"}}, {"keys.0": {"$exists": True}}]})
    keys = _texts(condition, REFERRED)
    return {"$or": [{"person": {"$in": keys}}, {"keys": {"$in": keys}}]}


def _patient(condition: TermCondition) -> Filter:
    if _present(condition):
        acted = {"employee": {"$in": [None, ""]}, "patient": {"$type": "string"}}
        named: list[Filter] = [{"person": {"$type": "string"}}, {"keys": Regex("^Patient/")}, acted]
        return _asked(condition, {"$or": named})
    keys = [key for key in _texts(condition, REFERRED) if key.startswith("Patient/")]
    return {"$or": [{"person": {"$in": keys}}, {"keys": {"$in": keys}}, _by_person(keys)]}


def _agent(condition: TermCondition) -> Filter:
    if _present(condition):  # somebody always acted
        return NEVER if condition.negated else {}
    found = [_by_person(_texts(condition, REFERRED))]
    for form in _texts(condition, ":identifier" + CODED):
        system, bar, value = form.rpartition("|")
        found += [_acting(field, system if bar else None, value) for field in ("employee", "unit", "giver")]
        if not system:
            found.append(
                {
                    **{name: {"$in": [None, ""]} for name in ("employee", "patient", "relative")},
                    "subject": value,
                }
            )
    return any_of(found)


def _acting(field: str, system: str | None, value: str) -> Filter:
    if system not in {None, codes.HSA_ID}:
        return NEVER
    return {field: value} if value else {field: {"$type": "string"}}


_REFERRING: Final[Mapping[str, Callable[[TermCondition], Filter]]] = {
    "agent": _agent,
    "entity": _entity,
    "patient": _patient,
}
