"""Listing what a caller may see of one type in a person's record."""

from collections.abc import Sequence

import orjson

from services.sip.domain.held import Resource
from services.sip.domain.search_query import Condition, SearchQuery
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.read_resource import read_resource
from services.sip.use_cases.search_resources import search_resources

MOST = 500


async def list_record(person: str, kind: str, conditions: Sequence[Condition], desk: Desk) -> list[Resource]:
    """Give the newest first; raises NotFound for a person whom the caller may not see."""
    await read_resource(person, desk.asking, desk.store)
    query = SearchQuery(kind, conditions, patient=(person,), count=MOST)
    page = await search_resources(query, desk.asking, desk.store, f"{kind}?patient={person}")
    return [orjson.loads(hit.body) for hit in page.hits]
