"""What criteria mean just now: the drafts and references that name things by a search are given the keys they mean.

It is settled before the transaction, because the persons to be guarded follow from it, and asked again within: what
was found must still be what is found, so that of two who create on the same condition only one does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest, ChangedMeanwhile, NotOneMatch, ScopeTooNarrow
from services.sip.domain.held import Resource
from services.sip.domain.references import reference_nodes
from services.sip.domain.search_query import SearchQuery
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.follow_links import follow_links
from services.sip.use_cases.ports import Asking, Store, Stored, WriteTransaction
from services.sip.use_cases.search_resources import search_resources, sight_of_search

Found = Sequence[tuple[str, int]]
Sought = tuple[SearchQuery, SearchQuery, Found]
"""The criteria as they were written, with their chains followed, and what was found."""


class FoundAnother(Exception):
    """The criteria find something else than a moment ago; all is settled anew."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Drafts with their keys and versions known, what is there already (by position), and what was found by what."""

    drafts: Sequence[Draft]
    existing: Mapping[int, Stored] = field(default_factory=dict)
    found: Sequence[Sought] = ()

    async def still_holds(self, asking: Asking, tx: WriteTransaction) -> None:
        """Raise FoundAnother when the criteria find anything else now."""
        for query, followed, before in self.found:
            if await tx.matching(followed, sight_of_search(query, asking), asking.now) != list(before):
                raise FoundAnother


async def settle_criteria(drafts: Sequence[Draft], asking: Asking, store: Store) -> Settled:
    """Search for all that is named by criteria, the searches on record; raises NotOneMatch, BadRequest."""
    if not any(draft.only_if or draft.refers for draft in drafts):
        return Settled(drafts)
    search = _Search(asking, store)
    settled, existing = [], {}
    for position, draft in enumerate(drafts):
        meant = {text: await search.one(query, text, draft) for text, query in draft.refers.items()}
        ready = replace(draft, resource=_pointed(draft.resource, meant))
        if draft.only_if is not None:
            hits = await search.hits(draft.only_if)
            if draft.creates and not draft.puts and len(hits) == 1:
                existing[position] = hits[0]
            ready = _settled(ready, hits)
        settled.append(ready)
    return Settled(settled, existing, search.found)


@dataclass(slots=True)
class _Search:
    """Searches as the caller, and keeps what was found by what."""

    asking: Asking
    store: Store
    found: list[Sought] = field(default_factory=list)

    async def hits(self, query: SearchQuery) -> Sequence[Stored]:
        page = await search_resources(query, self.asking, self.store, asked="criteria of a write")
        followed = await follow_links(query, self.asking, self.store)
        self.found.append((query, followed, [(hit.key, hit.version) for hit in page.hits]))
        return page.hits

    async def one(self, query: SearchQuery, text: str, draft: Draft) -> str:
        try:
            hits = await self.hits(query)
        except ScopeTooNarrow as narrow:
            raise ScopeTooNarrow(replace(narrow.told[0], expression=draft.where or draft.type)) from None
        if len(hits) != 1:
            count = "several" if hits else "nothing"
            told = f"The reference {text.partition('?')[0]}?… finds {count}; it must find one."
            raise NotOneMatch(
                Told("multiple-matches" if hits else "not-found", told, draft.where or draft.type)
            )
        return hits[0].key


def _settled(draft: Draft, hits: Sequence[Stored]) -> Draft:
    """Give the draft the key and version that its criteria found."""
    if len(hits) > 1:
        text = "Several resources meet the criteria; make them narrower, so that they name one."
        raise NotOneMatch(Told("multiple-matches", text, draft.where or None))
    if draft.creates and not draft.puts:
        return draft
    if not hits:
        return _unmatched(draft)
    [hit] = hits
    number = hit.key.partition("/")[2]
    if draft.id is not None and draft.id != number:
        text = "The criteria find another resource than the id in the body names: leave the id out."
        raise BadRequest(Told("value", text, draft.where or draft.type))
    if draft.replaces is not None and draft.replaces != hit.version:
        text = f"{hit.key} is now version {hit.version}, not {draft.replaces}: read it again and redo the change."
        raise ChangedMeanwhile(Told("conflict", text, draft.where or None))
    return replace(draft, id=number, replaces=hit.version)


def _unmatched(draft: Draft) -> Draft:
    """A deletion that finds nothing has nothing to do; an update that finds nothing creates, under an id of ours."""
    if draft.deletes:
        return draft
    if draft.id is not None:
        text = "Nothing meets the criteria, and a new resource gets its id here: leave the id out."
        raise BadRequest(Told("value", text, draft.where or draft.type))
    if draft.replaces is not None:
        text = "Nothing meets the criteria, so there is no version that If-Match could mean."
        raise NotOneMatch(Told("not-found", text, draft.where or None))
    return draft


def _pointed(resource: Resource, meant: Mapping[str, str]) -> Resource:
    """Copy a resource with its references by criteria led to what they mean; what was sent stays as it was."""
    made: Resource = copied(resource)
    for node in reference_nodes(made) if meant else ():
        node["reference"] = meant.get(node["reference"], node["reference"])
    return made


def copied(tree: Any) -> Any:
    """Copy a JSON tree; numbers keep how they were written."""
    if isinstance(tree, dict):
        return {name: copied(value) for name, value in tree.items()}
    if isinstance(tree, list):
        return [copied(one) for one in tree]
    return tree
