"""The work list of the caller's unit: read, taken, closed with a note."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Final, Literal

import orjson

from services.sip.domain.building.scribe import moment, to
from services.sip.domain.care.contact.attention import OPEN, is_attention
from services.sip.domain.errors import not_found
from services.sip.domain.held import Resource
from services.sip.domain.search_query import Condition, SearchQuery, TermCondition
from services.sip.use_cases.change_seen import change_seen
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_scribe import writing_unit
from services.sip.use_cases.page_tokens import page_token, read_page_token
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.search_resources import search_resources

WANTED: Final = {"open": sorted(OPEN), "closed": ["completed", "cancelled"]}
Step = Literal["accepted", "completed"]


async def work_list(
    wanted: str, page: str | None, count: int, desk: Desk
) -> tuple[Sequence[Resource], str | None]:
    """Give a page of the entries addressed to the unit that it may see, newest change first.

    They are found by owner and status alone: PDL 2 kap. 8 § lets what the social services do be found by no more.
    """
    _, unit = await writing_unit(desk)
    conditions: list[Condition] = [
        TermCondition("owner", (f"owner>{unit}",)),
        TermCondition("status", tuple(f"status={one}" for one in WANTED[wanted])),
    ]
    after = read_page_token(page) if page else None
    query = SearchQuery("Task", conditions, count=count, after=after)
    found = await search_resources(query, desk.asking, desk.store, f"Task?owner={unit}")
    tasks = [orjson.loads(hit.body) for hit in found.hits]
    return [one for one in tasks if is_attention(one)], page_token(found.cursor) if found.cursor else None


async def move_entry(key: str, step: Step, note: str | None, desk: Desk) -> Stored:
    """Take an entry, or close it; the note stays with it."""
    _, unit = await writing_unit(desk)

    def moved(held: Resource) -> Resource:
        if not is_attention(held):
            raise not_found(key)
        changed = deepcopy(held) | {"status": step}
        if note:
            written = {"authorReference": to(unit), "time": moment(desk.asking.now), "text": note}
            changed["note"] = [*changed.get("note", ()), written]
        return changed

    return await change_seen(key, moved, desk)
