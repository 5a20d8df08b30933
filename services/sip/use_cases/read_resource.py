"""Reading one resource: the right to see is in the query, and the look is on record before the answer leaves."""

from dataclasses import replace

from services.chassis.outcome import Told
from services.chassis.scopes import Interaction
from services.sip.domain.access import covered_by_scope, reader_key, scope_queries
from services.sip.domain.errors import ScopeTooNarrow, gone, not_found
from services.sip.domain.protected_identity import sees_all
from services.sip.domain.resource_types import TYPES, Kind
from services.sip.domain.search_query import AnyCondition
from services.sip.domain.sight import NOTHING, Sight
from services.sip.use_cases.log_reader import log_reader
from services.sip.use_cases.ports import Access, Asking, Behind, Store, Stored


async def read_resource(key: str, asking: Asking, store: Store) -> Stored:
    """Give the newest version; raises NotFound for absent and hidden alike, ScopeTooNarrow."""
    kind = key.split("/", maxsplit=1)[0]
    await check_scope(kind, "r", asking, store)
    if kind == "AuditEvent":
        await check_whole_scope(kind, "r", asking, store)
        return await read_log_entry(key, asking, store)
    sight = sight_of(kind, asking)
    found = await store.records.current(key, sight, asking.now)
    if found is None:
        return await missed(key, asking, store)
    await store.log.record([accessed(asking, "R", found, "care relation" if sight.reader else "directory")])
    return found


async def read_log_entry(key: str, asking: Asking, store: Store) -> Stored:
    """Give one entry of the access log to those who may read it; others find nothing there."""
    whose = log_reader(asking.caller)
    found = await store.log.entry(key.partition("/")[2], whose) if whose else None
    if found is None:
        return await missed(key, asking, store)
    await store.log.record([accessed(asking, "R", found, "log control" if asking.caller.unit else "own log")])
    return found


async def missed(key: str, asking: Asking, store: Store) -> Stored:
    """Absent or hidden: the same look-up and the same kind of record, so that time tells nothing either."""
    behind = await look_behind(key, asking, store)
    if behind is not None and behind.deleted and behind.lets(sight_of_key(key, asking), asking.now):
        raise gone(key)
    raise not_found(key)


async def look_behind(key: str, asking: Asking, store: Store) -> Behind | None:
    """Look up what was not found as the caller may see it, and leave a row of the miss."""
    behind = await store.records.anyone(key)
    person = behind.patient if behind else None
    reason = "absent" if behind is None else "deleted" if behind.deleted else "no care relation"
    refused = Access(
        asking.now, asking.caller, "R", key.split("/", maxsplit=1)[0], person, [key], allowed=False,
        reason=reason, request_id=asking.request_id,
    )  # fmt: skip
    await store.log.record([refused])
    return behind


def sight_of_key(key: str, asking: Asking, interaction: Interaction = "r") -> Sight:
    """What of this resource's type the caller may see."""
    return sight_of(key.split("/", maxsplit=1)[0], asking, interaction)


def sight_of(kind: str, asking: Asking, interaction: Interaction = "r") -> Sight:
    """What of this type the caller may see: by relation, and within the queries of the token's scopes."""
    return within_scopes(viewed(asking, reader_of(kind, asking)), kind, asking, interaction)


def viewed(asking: Asking, reader: str | None = None) -> Sight:
    """What the caller may see, by this reader; masked unless the caller is who wrote it, or may see it whole."""
    return Sight(reader, viewer=reader_key(asking.caller), whole=sees_all(asking.caller))


def within_scopes(sight: Sight, kind: str, asking: Asking, interaction: Interaction) -> Sight:
    """Narrow to what the scopes' queries find; a query that cannot be read finds nothing."""
    queries = scope_queries(asking.caller, kind, interaction)
    if not queries:
        return sight
    read = (asking.understand(kind, query) for query in queries)
    found = AnyCondition(tuple(one for one in read if one is not None))
    return replace(sight, within=((kind, found if found.conditions else NOTHING),))


def reader_of(kind: str, asking: Asking) -> str | None:
    """Whom `readers` must name for this type; None for what any valid token may read."""
    if TYPES[kind].kind is not Kind.PERSON:
        return None
    return reader_key(asking.caller) or "nobody"


async def check_scope(kind: str, interaction: Interaction, asking: Asking, store: Store) -> None:
    """Refuse, on record, what the token's scopes do not cover."""
    decision = covered_by_scope(asking.caller, kind, interaction)
    if not decision.allowed:
        raise await _scope_refused(kind, interaction, decision.reason, asking, store)


async def _scope_refused(
    kind: str, interaction: Interaction, reason: str, asking: Asking, store: Store
) -> ScopeTooNarrow:
    refused = Access(
        asking.now, asking.caller, "S" if interaction == "s" else "R", kind, None, [], allowed=False,
        reason=reason, request_id=asking.request_id,
    )  # fmt: skip
    await store.log.record([refused])
    return ScopeTooNarrow(Told("forbidden", f"The token does not allow this: {reason}."))


async def check_whole_scope(kind: str, interaction: Interaction, asking: Asking, store: Store) -> None:
    """Refuse, on record, what covers only part of a type: what cannot be narrowed is not given to such a token."""
    await check_scope(kind, interaction, asking, store)
    if scope_queries(asking.caller, kind, interaction):
        reason = f"the scopes cover {interaction} on some of {kind} alone, and this is about all of it"
        raise await _scope_refused(kind, interaction, reason, asking, store)


def accessed(asking: Asking, action: str, found: Stored, reason: str) -> Access:
    """Write down one allowed look at one resource."""
    return Access(
        asking.now, asking.caller, action, found.key.split("/")[0], found.patient, [found.key],
        allowed=True, reason=reason, request_id=asking.request_id,
    )  # fmt: skip
