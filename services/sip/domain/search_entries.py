"""Under what a stored version is found: terms, spans of time, amounts, and keys it is sorted by."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from services.sip.domain.held import Resource
from services.sip.domain.names import in_order
from services.sip.domain.references import keys_referred_to, local_key
from services.sip.domain.search_amounts import Amount, stored_amounts
from services.sip.domain.search_params import PARAMS, SearchParam, Source
from services.sip.domain.search_spans import stored_spans
from services.sip.domain.search_terms import (
    CODED,
    LONGEST,
    PRESENT,
    REFERRED,
    WITHHELD,
    WORDED,
    counts,
    terms_of,
    token_forms,
)
from services.sip.domain.social_service import OPEN_PARAMS, PLAN_PARAMS, SocialService

NOBODY: Final = SocialService()
LONGEST_KEY: Final = 200  # characters; what agrees so far is sorted by id
SORTED: Final = frozenset({"date", "token", "string", "uri"})
UNSTORED: Final = frozenset({"_id", "_lastUpdated"})
"""Parameters that are columns of their own."""

SortKey = str | datetime


@dataclass(slots=True)
class Entries:
    """Dates and amounts bear the parameter's name; `sort` has the lowest and the highest key of each parameter."""

    terms: set[str] = field(default_factory=set)
    dates: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    amounts: list[tuple[str, Amount]] = field(default_factory=list)
    sort: dict[str, tuple[SortKey, SortKey]] = field(default_factory=dict)

    def add(self, param: SearchParam, source: Source, value: Any, name: str) -> list[SortKey]:
        """Enter one value under a name, and give the keys it is sorted by."""
        if param.kind == "date":
            spans = list(stored_spans(value))
            self.dates += [(name, low, high) for low, high in spans]
            return [low for low, _ in spans]
        if param.kind == "quantity":
            self.amounts += [(name, one) for one in stored_amounts(value)]
            return []
        # A longer value cannot be searched for; only texts are looked into.
        terms = [one for one in terms_of(param, source, value) if len(one) <= LONGEST or one[0] == WORDED]
        self.terms.update(name + one for one in terms)
        return [key for one in terms for key in _keys(param.kind, one)]


def entries_of(resource: Resource, social: SocialService = NOBODY) -> Entries:
    """Give all entries but those that PDL 2 kap. 8 § withholds."""
    kind = resource["resourceType"]
    if kind == "Task" and (owner := social.owner_of(resource)):
        return _of_social_task(resource, social.units[owner])
    if kind == "CarePlan" and any(social.keeps(one) for one in resource.get("activity", ())):
        return _of_plan_with_social_activity(resource, social)
    return _entered(resource, PARAMS[kind].values())


def _of_social_task(task: Resource, unit: str | None) -> Entries:
    entries = _entered(task, (param for param in PARAMS["Task"].values() if param.name in OPEN_PARAMS))
    entries.terms |= {WITHHELD, *(param + WITHHELD for param in PARAMS["Task"] if param not in OPEN_PARAMS)}
    if unit:
        param = PARAMS["Task"]["owner"]
        own = _entered(task, [replace(param, name=own_param("owner", unit))])
        entries.terms |= own.terms
    entries.terms |= _mentions(task)
    return entries


def own_param(param: str, unit: str) -> str:
    """Name the parameter as only the unit itself may use it."""
    return f"{param}@{unit}"


def _of_plan_with_social_activity(plan: Resource, social: SocialService) -> Entries:
    shown = [one for one in plan["activity"] if not social.keeps(one)]
    entries = _entered({**plan, "activity": shown}, PARAMS["CarePlan"].values())
    entries.terms |= {param + WITHHELD for param in PLAN_PARAMS} | _mentions({"activity": plan["activity"]})
    return entries


def _mentions(resource: Resource) -> set[str]:
    """What is referred to must not be deleted: these terms belong to no parameter."""
    return {WITHHELD + REFERRED + key for key in keys_referred_to(resource)}


def _entered(resource: Mapping[str, Any], params: Iterable[SearchParam]) -> Entries:
    entries = Entries()
    for param in params:
        if param.name in UNSTORED:
            continue
        if param.parts:
            _enter_composite(entries, param, resource)
        else:
            _enter(entries, param, resource)
    return entries


def _enter(entries: Entries, param: SearchParam, resource: Mapping[str, Any]) -> None:
    keys: list[SortKey] = []
    found = False
    values: Iterable[tuple[Source, Any]] = param.values(resource)
    if param.exists:
        values = [(param.sources[0], any(value is not False for _, value in values))]
    for source, value in values:
        if counts(param, source, value):
            found = True
            keys += entries.add(param, source, value, param.name)
    if found:
        entries.terms.add(param.name + PRESENT)
    if keys and param.kind in SORTED:
        entries.sort[param.name] = (min(keys), max(keys))


def _enter_composite(entries: Entries, param: SearchParam, resource: Mapping[str, Any]) -> None:
    """A composite is its second part's entries under a name that each form of the first part completes."""
    first, second = param.parts
    for root in param.roots:
        for node in root.values(resource):
            firsts, seconds = list(first.values(node)), list(second.values(node))
            if firsts and seconds:
                entries.terms.add(param.name + PRESENT)
            forms = {form for _, value in firsts for form in token_forms(value)}
            for name in (composed(param.name, form) for form in forms):
                for source, value in seconds:
                    entries.add(second, source, value, name)


def composed(param: str, form: str) -> str:
    """Name a composite parameter together with one form of its first part."""
    return f"{param}${form.replace('$', '$$')}$"


def _keys(kind: str, term: str) -> Iterator[str]:
    """The code alone, the folded text, and the address as it is, are what a token, text and uri are sorted by."""
    if kind == "string" and term[0] == WORDED:
        yield in_order(term[1:])[:LONGEST_KEY]
    elif term[0] == CODED and (kind == "uri" or (kind == "token" and "|" not in term.replace("\\|", ""))):
        yield term[1:][:LONGEST_KEY]


def targets_in(terms: Iterable[str], param: str, kind: str) -> set[str]:
    """Read back what a reference parameter leads to, of one type."""
    start = f"{param}{REFERRED}{kind}/"
    return {
        term[len(param) + 1 :]
        for term in terms
        if term.startswith(start) and local_key(term[len(param) + 1 :])
    }
