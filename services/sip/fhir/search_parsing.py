"""Search parameters as written by a caller, understood: https://hl7.org/fhir/R4/search.html, section by section."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest
from services.sip.domain.resource_types import TYPES
from services.sip.domain.search_params import ANY, PARAMS, SearchParam
from services.sip.domain.search_query import (
    AnyCondition,
    Condition,
    HasCondition,
    LinkCondition,
    SearchQuery,
)
from services.sip.fhir.search_controls import CONTROLS, Shown, controlled
from services.sip.fhir.search_problem import Undeclared, wrong
from services.sip.fhir.search_values import Written, condition_of, values_in

UNLINKED: Final = "AuditEvent"
"""The access log is searched by itself alone; no chain passes through it."""
MOST_PARAMETERS: Final = 50
LONGEST_VALUE: Final = 2000  # characters
LONGEST_NAME: Final = 200
MOST_VALUES: Final = 100
MOST_STEPS: Final = 4  # of a chain, forwards and backwards together
MOST_QUERIES: Final = 40


@dataclass(frozen=True, slots=True)
class Understood:
    """The search, how it is to be shown, the parameters really used, and those left out under lenient handling."""

    query: SearchQuery
    shown: Shown
    used: Sequence[tuple[str, str]]
    ignored: Sequence[str]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads conditions: our own address, the time of the request, and how many chains there were."""

    base: str
    now: datetime

    def condition(self, kind: str, name: str, value: str, steps: int = 0) -> Condition:
        """Understand one parameter of a type, through all its chains; raises BadRequest, Undeclared."""
        if steps > MOST_STEPS:
            raise wrong(name, f"a chain has at most {MOST_STEPS} steps", "too-costly")
        if name.startswith("_has:"):
            return self._reverse(kind, name, value, steps)
        head, dot, rest = name.partition(".")
        bare, _, modifier = head.partition(":")
        param = declared(kind, bare)
        if dot:
            return self._chain(kind, param, modifier, (rest, value), steps)
        values = values_in(name, value, MOST_VALUES)
        return condition_of(Written(param, name, modifier, values, self.base, self.now))

    def _chain(
        self, kind: str, param: SearchParam, modifier: str, inner: tuple[str, str], steps: int
    ) -> Condition:
        """Follow a reference to each type it may lead to that has the next parameter."""
        name = f"{param.name}.{inner[0]}"
        if param.kind != "reference":
            raise wrong(name, f"{param.name} is no reference, so there is nothing to follow")
        targets = [modifier] if modifier else [*TYPES] if ANY in param.targets else [*param.targets]
        passable = [one for one in targets if one in TYPES and one != UNLINKED]
        if not passable or (modifier and modifier not in param.targets and ANY not in param.targets):
            raise wrong(
                name,
                f"{kind}.{param.name} leads to no {modifier or 'type'} that is stored here",
                "not-supported",
            )
        found, refused = [], None
        for one in passable:
            try:
                found.append(LinkCondition(param.name, one, self.condition(one, *inner, steps + 1)))
            except Undeclared as undeclared:
                refused = undeclared
        if not found and refused:
            raise refused
        return found[0] if len(found) == 1 else AnyCondition(tuple(found))

    def _reverse(self, kind: str, name: str, value: str, steps: int) -> Condition:
        """`_has:Task:based-on:status`: what is referred to by a Task of that status."""
        parts = name.split(":", 3)
        if len(parts) != 4 or parts[1] not in TYPES or parts[1] == UNLINKED:
            raise wrong(
                name, "it is written as _has:Type:reference:parameter, the type stored here", "not-supported"
            )
        _, other, reference, inner = parts
        param = declared(other, reference)
        if param.kind != "reference" or (kind not in param.targets and ANY not in param.targets):
            raise wrong(name, f"{other}.{reference} is no reference to a {kind}")
        return HasCondition(other, reference, self.condition(other, inner, value, steps + 1))


def declared(kind: str, name: str) -> SearchParam:
    """Give the parameter; raises Undeclared naming those there are."""
    if name in PARAMS[kind]:
        return PARAMS[kind][name]
    known = ", ".join(sorted(PARAMS[kind]))
    text = f"{kind} has no search parameter {name!r:.80} here; it has {known}."
    raise Undeclared(Told("not-supported", text, "http"))


def understood(
    query: SearchQuery, parameters: Sequence[tuple[str, str]], base: str, now: datetime, *, lenient: bool
) -> Understood:
    """Read all parameters; raises BadRequest naming the one that does not hold."""
    if len(parameters) > MOST_PARAMETERS:
        names = ", ".join(sorted({name[:40] for name, _ in parameters})[:10])
        raise BadRequest(
            Told("too-costly", f"A search takes at most {MOST_PARAMETERS} parameters, of {names}.", "http")
        )
    reader = Reader(base, now)
    shown, ignored = Shown(), list[str]()
    used: list[tuple[str, str]] = []
    for name, value in parameters:
        _check_length(name, value)
        try:
            if name.partition(":")[0] in CONTROLS:
                _check_once(name, used)
                query, shown = controlled(query, shown, name, value)
            else:
                condition = reader.condition(query.type, name, value)
                query = replace(query, conditions=[*query.conditions, condition])
        except Undeclared as undeclared:
            if not lenient:
                raise BadRequest(*undeclared.told) from None
            ignored.append(name)
            continue
        used.append((name, value))
    _check_whole(query)
    return Understood(query, shown, used, ignored)


def _check_whole(query: SearchQuery) -> None:
    if sum(map(_steps, query.conditions)) > MOST_QUERIES:
        text = (
            f"These chains lead to more than {MOST_QUERIES} types: name the type, as in subject:Patient.name."
        )
        raise BadRequest(Told("too-costly", text, "http"))
    if query.after and len(query.after.keys) != sum(one.param != "_id" for one in query.sort):
        raise wrong("_page", "it is a page of a search that was sorted otherwise")


def _steps(condition: Condition) -> int:
    match condition:
        case LinkCondition() | HasCondition():
            return 1 + _steps(condition.inner)
        case AnyCondition(conditions):
            return sum(map(_steps, conditions))
    return 0


def _check_length(name: str, value: str) -> None:
    if len(name) > LONGEST_NAME:
        raise wrong(name, f"its name is longer than {LONGEST_NAME} characters", "too-long")
    if len(value) > LONGEST_VALUE:
        raise wrong(name, f"its value is longer than {LONGEST_VALUE} characters", "too-long")
    if "\x00" in name or "\x00" in value:
        raise wrong(name.replace("\x00", ""), "it holds a NUL character")


def _check_once(name: str, used: Sequence[tuple[str, str]]) -> None:
    if "include" not in name and any(one == name for one, _ in used):
        raise wrong(name, "it is given twice")
