"""Who has looked: read by the resident about themselves, and by the care giver's privacy officer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from services.sip.domain.codes import HSA_ID
from services.sip.domain.held import Resource
from services.sip.domain.search_query import SearchQuery
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, look_up
from services.sip.use_cases.page_tokens import page_token, read_page_token
from services.sip.use_cases.read_directory import read_directory
from services.sip.use_cases.read_resource import missed
from services.sip.use_cases.search_resources import search_resources

PAGE = 100


@dataclass(frozen=True, slots=True)
class LogPage:
    """Accesses as AuditEvents, newest first; Organizations by HSA-id, with the directory; the token to go on."""

    events: Sequence[Resource]
    units: Mapping[str, str]
    directory: Mapping[str, Resource]
    next: str | None


async def read_access_log(person: str, page: str | None, desk: Desk) -> LogPage:
    """Give one page; raises NotAllowed for other staff, NotFound for another resident."""
    caller = desk.asking.caller
    if caller.patient and not caller.unit and person != f"Patient/{caller.patient}":
        await missed(person, desk.asking, desk.store)
    after = read_page_token(page) if page else None
    query = SearchQuery("AuditEvent", (), patient=(person,), count=PAGE, after=after)
    found = await search_resources(query, desk.asking, desk.store, f"AuditEvent?patient={person}")
    events = [orjson.loads(hit.body) for hit in found.hits]
    named = [Named("", one) for one in sorted({one for event in events for one in _organizations(event)})]
    units = (await look_up(named, desk.asking, desk.store)).units
    references: list[Resource] = [{"unit": {"reference": key}} for key in units.values()]
    directory = await read_directory(references, desk.store)
    return LogPage(events, units, directory, page_token(found.cursor) if found.cursor else None)


def _organizations(event: Resource) -> list[str]:
    who = [agent.get("who", {}) for agent in event.get("agent", ())]
    return [
        one["identifier"]["value"]
        for one in who
        if one.get("type") == "Organization" and one.get("identifier", {}).get("system") == HSA_ID
    ]
