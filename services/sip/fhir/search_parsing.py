"""Search parameters as written by a caller, understood: FHIR R4 search, section by section."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest
from services.sip.domain.moments import span_of
from services.sip.domain.names import folded
from services.sip.domain.references import local_key
from services.sip.domain.resource_types import TYPES
from services.sip.domain.search_params import PARAMS, SearchParam
from services.sip.domain.search_query import Condition, DateCondition, IdCondition, SearchQuery, TermCondition
from services.sip.use_cases.page_tokens import read_page_token

MOST_PARAMETERS: Final = 50
LONGEST_VALUE: Final = 2000
MOST_VALUES: Final = 100
LARGEST_PAGE: Final = 500
ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")
DATE: Final = re.compile(
    r"(eq|ne|gt|lt|ge|le|sa|eb)?(\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?)"
)
SPLIT: Final = re.compile(r"(?<!\\),")
UNESCAPE: Final = re.compile(r"\\([,$|\\])")


@dataclass(frozen=True, slots=True)
class Understood:
    """The search, the parameters that were really used, and those left out under lenient handling."""

    query: SearchQuery
    used: Sequence[tuple[str, str]]
    ignored: Sequence[str]


def understood(
    kind: str, parameters: Sequence[tuple[str, str]], base: str, now: datetime, *, lenient: bool
) -> Understood:
    """Read all parameters; raises BadRequest naming the one that does not hold."""
    if len(parameters) > MOST_PARAMETERS:
        raise BadRequest(Told("too-costly", f"A search takes at most {MOST_PARAMETERS} parameters."))
    query = SearchQuery(kind, ())
    used: list[tuple[str, str]] = []
    ignored: list[str] = []
    for name, value in parameters:
        if len(value) > LONGEST_VALUE:
            raise _wrong(name, f"its value is longer than {LONGEST_VALUE} characters")
        if "\x00" in value:
            raise _wrong(name, "its value holds a NUL character")
        if name in CONTROLS:
            query = CONTROLS[name](query, value)
        elif name.partition(":")[0] in PARAMS[kind]:
            query = _with(query, name, value, base)
        elif lenient:
            ignored.append(name[:80])
            continue
        else:
            known = ", ".join(sorted(PARAMS[kind]))
            raise BadRequest(
                Told(
                    "not-supported",
                    f"{kind} has no search parameter {name!r:.80} here; it has {known}.",
                    "http",
                )
            )
        used.append((name, value))
    return Understood(replace(query, until=query.until or now), used, ignored)


def _count(query: SearchQuery, value: str) -> SearchQuery:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise _wrong("_count", f"{value!r:.40} is no whole number")
    return replace(query, count=max(1, min(int(value), LARGEST_PAGE)))


def _sort(query: SearchQuery, value: str) -> SearchQuery:
    if value not in {"_lastUpdated", "-_lastUpdated"}:
        raise _wrong("_sort", "results are sorted by _lastUpdated or -_lastUpdated")
    return replace(query, oldest_first=value == "_lastUpdated")


def _total(query: SearchQuery, value: str) -> SearchQuery:
    if value not in {"none", "estimate", "accurate"}:
        raise _wrong("_total", "it is none, estimate or accurate")
    return replace(query, counted=value == "accurate")


def _page(query: SearchQuery, value: str) -> SearchQuery:
    until, after = read_page_token(value)
    return replace(query, until=until, after=after)


def _format(query: SearchQuery, value: str) -> SearchQuery:
    if value not in {"json", "application/json", "application/fhir+json", "text/json"}:
        raise _wrong("_format", "only json is served")
    return query


CONTROLS: Final[Mapping[str, Callable[[SearchQuery, str], SearchQuery]]] = {
    "_count": _count,
    "_sort": _sort,
    "_total": _total,
    "_page": _page,
    "_format": _format,
}


def _with(query: SearchQuery, name: str, value: str, base: str) -> SearchQuery:
    bare, _, modifier = name.partition(":")
    param = PARAMS[query.type][bare]
    values = [one for one in SPLIT.split(value) if one]
    if not values:
        raise _wrong(name, "it has no value")
    if len(values) > MOST_VALUES:
        raise _wrong(name, f"it has more than {MOST_VALUES} values")
    if modifier == "missing":
        if value not in {"true", "false"}:
            raise _wrong(name, "it is true or false")
        return _add(query, TermCondition(bare, (f"{bare}!",), negated=value == "true"))
    if bare == "patient" and not modifier and TYPES[query.type].person:
        persons = tuple(_reference(param, "", one, base)[len("patient>") :] for one in values)
        narrowed = tuple(one for one in persons if one in query.patient) if query.patient else persons
        return replace(query, patient=narrowed or ("nobody",))
    return _add(query, _condition(param, name, modifier, values, base))


def _add(query: SearchQuery, condition: Condition) -> SearchQuery:
    return replace(query, conditions=[*query.conditions, condition])


def _condition(param: SearchParam, name: str, modifier: str, values: Sequence[str], base: str) -> Condition:
    if param.kind == "id" and not modifier:
        return IdCondition(tuple(one for one in values if ID.fullmatch(one)) or ("-",))
    if param.kind in {"date", "updated"} and not modifier:
        return DateCondition(param.name, tuple(_date(name, one) for one in values))
    if param.kind == "reference" and (not modifier or modifier in TYPES):
        terms = tuple(one for text in values for one in _references(param, modifier, _plain(text), base))
        return TermCondition(param.name, terms)
    form = FORMS.get((param.kind, modifier))
    if form is None:
        raise _wrong(name, f"the modifier :{modifier[:40]} is not served for a {param.kind} parameter")
    mark, match, fold = form
    texts = [folded(_plain(one)) if fold else _plain(one) for one in values]
    terms = tuple(f"{param.name}{mark}{text}" for text in texts)
    return TermCondition(param.name, terms, negated=modifier == "not", match=match)


FORMS: Final[Mapping[tuple[str, str], tuple[str, str, bool]]] = {
    ("token", ""): ("=", "exact", False),
    ("token", "not"): ("=", "exact", False),
    ("token", "text"): ("~", "prefix", True),
    ("reference", "identifier"): (">:", "exact", False),
    ("string", ""): ("~", "prefix", True),
    ("string", "exact"): ("=", "exact", False),
    ("string", "contains"): ("~", "inside", True),
    ("uri", ""): ("=", "exact", False),
}
"""Kind and modifier → the mark its terms bear (see index_terms), how they match, and whether text is folded."""


def _references(param: SearchParam, modifier: str, text: str, base: str) -> list[str]:
    """A bare id may be of any of the parameter's types; a type in the modifier says which."""
    if ID.fullmatch(text):
        kinds = (modifier,) if modifier else param.targets or tuple(TYPES)
        return [f"{param.name}>{kind}/{text}" for kind in kinds]
    return [_reference(param, modifier, text, base)]


def _reference(param: SearchParam, modifier: str, text: str, base: str) -> str:
    if ID.fullmatch(text):
        return f"{param.name}>{modifier or param.targets[0]}/{text}"
    return f"{param.name}>{local_key(text, base) or text}"


def _date(name: str, text: str) -> tuple[str, datetime, datetime]:
    found = DATE.fullmatch(text)
    if not found:
        raise _wrong(
            name, f"{text!r:.40} is no date: write for example ge2026-11-22, or 2026-11-22T10:00:00Z"
        )
    try:
        low, high = span_of(found[2])
    except (ValueError, OverflowError):
        raise _wrong(name, f"{text!r:.40} is no date of the calendar") from None
    return found[1] or "eq", low, high


def _plain(text: str) -> str:
    return UNESCAPE.sub(r"\1", text)


def _wrong(name: str, why: str) -> BadRequest:
    return BadRequest(Told("value", f"Search parameter {name[:80]!r}: {why}.", f"http.{name[:80]}"))
