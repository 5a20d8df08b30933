"""Reading what is to be patched: the version that was meant, as the caller may see it, free to be changed."""

import orjson

from services.chassis.outcome import Told
from services.sip.domain.errors import ChangedMeanwhile, NotOneMatch
from services.sip.domain.exact_json import exact
from services.sip.domain.held import Resource
from services.sip.domain.search_query import SearchQuery
from services.sip.use_cases.ports import Asking, Store, Stored
from services.sip.use_cases.read_resource import accessed, check_scope, missed, sight_of_key
from services.sip.use_cases.search_resources import search_resources


async def read_to_patch(key: str, version: int, asking: Asking, store: Store) -> Resource:
    """Give that version if it is the newest; raises NotFound, Gone, ChangedMeanwhile, ScopeTooNarrow."""
    await check_scope(key.partition("/")[0], "u", asking, store)
    found = await store.records.current(key, sight_of_key(key, asking, "u"), asking.now)
    if found is None:
        found = await missed(key, asking, store)
    await store.log.record([accessed(asking, "R", found, "read to be patched")])
    if found.version != version:
        text = f"{key} is now version {found.version}, not {version}: read it again and redo the change."
        raise ChangedMeanwhile(Told("conflict", text))
    return _opened(found)


async def find_to_patch(query: SearchQuery, asking: Asking, store: Store) -> tuple[Resource, int]:
    """Give the one resource that the criteria find, with its version; raises NotOneMatch, ScopeTooNarrow."""
    await check_scope(query.type, "u", asking, store)
    hits = (await search_resources(query, asking, store, asked="criteria of a patch")).hits
    if len(hits) != 1:
        text = f"The criteria find {'several' if hits else 'nothing'}; a patch changes the one that is found."
        raise NotOneMatch(Told("multiple-matches" if hits else "not-found", text))
    return _opened(hits[0]), hits[0].version


def _opened(stored: Stored) -> Resource:
    resource: Resource = exact(stored.body, orjson.loads(stored.body))
    return resource
