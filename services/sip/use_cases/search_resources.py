"""Searching: the right to see is part of the query, and every person whose data is shown is on record."""

from collections.abc import Iterable
from dataclasses import replace

from services.chassis.outcome import Told
from services.sip.domain.errors import NotAllowed
from services.sip.domain.search_query import SearchQuery, TermCondition
from services.sip.domain.sight import Sight
from services.sip.use_cases.follow_links import follow_links
from services.sip.use_cases.include_resources import include_resources
from services.sip.use_cases.log_reader import LOG_CONTROL, LogReader, log_reader
from services.sip.use_cases.ports import Access, Asking, Page, Store, Stored
from services.sip.use_cases.read_resource import (
    check_scope,
    check_whole_scope,
    sight_of,
    viewed,
    within_scopes,
)


async def search_resources(query: SearchQuery, asking: Asking, store: Store, asked: str = "") -> Page:
    """Give one page of what the caller may see; raises ScopeTooNarrow, TooCostly."""
    await check_scope(query.type, "s", asking, store)
    followed = await follow_links(query, asking, store)
    if query.type == "AuditEvent":
        await check_whole_scope(query.type, "s", asking, store)
        return await _search_log(followed, asking, store, asked)
    page = await store.records.search(followed, sight_of_search(query, asking), asking.now)
    included = await include_resources(page.hits, query.include, asking, store)
    await store.log.record(list(_rows([*page.hits, *included], query, asking, asked)))
    return replace(page, included=included)


def sight_of_search(query: SearchQuery, asking: Asking) -> Sight:
    """What of this type the caller may find."""
    if query.type == "Patient" and _by_personal_number(query) and asking.caller.unit:
        # A person is found by exact personal number, before any relation; the look is on record.
        return within_scopes(viewed(asking), query.type, asking, "s")
    return sight_of(query.type, asking, "s")


def _by_personal_number(query: SearchQuery) -> bool:
    """Tell whether exactly one full personal number (system and value) is asked for, and nothing looser."""
    numbers = [
        one for one in query.conditions if isinstance(one, TermCondition) and one.param == "identifier"
    ]
    return any(
        one.match == "exact" and not one.negated and len(one.terms) == 1
        and one.terms[0].startswith("identifier=http://electronichealth.se/identifier/")
        and not one.terms[0].endswith("|")
        for one in numbers
    )  # fmt: skip


async def _search_log(query: SearchQuery, asking: Asking, store: Store, asked: str) -> Page:
    """A privacy officer sees the own care giver's log, a resident the log about themselves, nobody else any."""
    whose = log_reader(asking.caller)
    person = whose.person if whose else None
    row = Access(
        asking.now, asking.caller, "S", "AuditEvent", person, [], allowed=whose is not None,
        reason=_log_reason(whose), request_id=asking.request_id, query=asked,
    )  # fmt: skip
    page = await store.log.search(query, whose) if whose else None
    await store.log.record([row])
    if page is None:
        text = f"The access log is read by the resident, and by staff on the assignment «{LOG_CONTROL}»."
        raise NotAllowed(Told("forbidden", text))
    return page


def _log_reason(whose: LogReader | None) -> str:
    if whose is None:
        return "neither privacy officer nor the person"
    return "own log" if whose.person else "log control"


def _rows(hits: Iterable[Stored], query: SearchQuery, asking: Asking, asked: str) -> Iterable[Access]:
    """Give a row for each person shown; a search that shows nobody leaves a row too."""
    persons: dict[str | None, list[str]] = {}
    for hit in hits:
        persons.setdefault(hit.patient, []).append(hit.key)
    if len(persons) > 1:
        persons.pop(None, None)  # the directory came along
    for person, keys in (persons or {None: []}).items():
        yield Access(
            asking.now, asking.caller, "S", query.type, person, keys, allowed=True,
            reason="care relation" if person else "nothing personal shown", request_id=asking.request_id, query=asked,
        )  # fmt: skip
