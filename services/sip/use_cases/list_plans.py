"""The plans that the caller's unit takes part in, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from services.sip.domain.held import Resource
from services.sip.domain.search_query import SearchQuery, TermCondition
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.page_tokens import page_token, read_page_token
from services.sip.use_cases.search_resources import search_resources


@dataclass(frozen=True, slots=True)
class PlanPage:
    """CarePlans, newest change first, and the token to go on with."""

    plans: Sequence[Resource]
    next: str | None


async def list_plans(status: str | None, page: str | None, count: int, desk: Desk) -> PlanPage:
    """Give one page, of one status or of all."""
    conditions = [TermCondition("status", (f"status={status}",))] if status else []
    after = read_page_token(page) if page else None
    query = SearchQuery("CarePlan", conditions, count=count, after=after)
    found = await search_resources(query, desk.asking, desk.store, f"CarePlan?status={status or ''}")
    plans = [orjson.loads(hit.body) for hit in found.hits]
    return PlanPage(plans, page_token(found.cursor) if found.cursor else None)
