"""The one way in: every write, FHIR or plain JSON, single or in a Bundle, passes here and nowhere else."""

from collections.abc import Mapping, Sequence

from services.chassis.outcome import Told
from services.sip.domain.access import covered_by_scope, may_write
from services.sip.domain.errors import (
    AlreadyThere,
    BadRequest,
    NotAllowed,
    ScopeTooNarrow,
    ShapeBroken,
    SipError,
    StoreBusy,
)
from services.sip.domain.held import Resource
from services.sip.domain.identity import IDENTIFYING, identities_of
from services.sip.domain.references import make_local
from services.sip.domain.resource_types import TYPES, Kind, person_of, references_at
from services.sip.domain.shape import shape_issues
from services.sip.use_cases.commit_drafts import commit_drafts
from services.sip.use_cases.drafts import NOTHING_THERE, Draft, Policy, WouldBeStored, Written, made_ready
from services.sip.use_cases.ports import Access, Asking, IdentityTaken, Store, WriteTransaction
from services.sip.use_cases.read_resource import viewed
from services.sip.use_cases.record_refusal import record_refusal
from services.sip.use_cases.settle_criteria import FoundAnother, Settled, copied, settle_criteria

ATTEMPTS = 3
NO_BASE = "none:"


async def write_resources(
    drafts: Sequence[Draft], asking: Asking, store: Store, policy: Policy
) -> list[Written]:
    """Store all the drafts or none; answers stand in the order of the drafts. A refusal is on record too."""
    try:
        admit(drafts, asking)
        return await store_admitted(drafts, asking, store, policy)
    except StoreBusy:
        raise
    except SipError as refused:
        await record_refusal(drafts, refused, asking, store)
        raise


def admit(drafts: Sequence[Draft], asking: Asking) -> None:
    """Check what needs no look at the store, scope and shape; raises the errors of domain/errors.py."""
    check_scopes(drafts, asking)
    _check_shapes(drafts)


async def store_admitted(
    drafts: Sequence[Draft], asking: Asking, store: Store, policy: Policy
) -> list[Written]:
    """Store all of what `admit` let through, or nothing; for those who ask it in two steps."""
    for _ in range(ATTEMPTS):
        try:
            return await _written(drafts, asking, store, policy)
        except IdentityTaken:
            if not any(draft.creates and draft.type in IDENTIFYING for draft in drafts):
                text = "Another resource has this identifier already; there can be one only."
                raise AlreadyThere(Told("duplicate", text, f"{drafts[0].type}.identifier")) from None
        except FoundAnother:
            continue
    raise StoreBusy(Told("transient", "Others write about the same at this moment; try again."))


async def _written(drafts: Sequence[Draft], asking: Asking, store: Store, policy: Policy) -> list[Written]:
    settled = await settle_criteria(drafts, asking, store)
    drafts = settled.drafts
    numbers = [one for draft in drafts if draft.creates for one in identities_of(draft.plain)]
    known = await store.records.identified(numbers, viewed(asking)) if numbers else {}
    ready, registered = made_ready(drafts, known, policy, settled.existing)
    if registered:
        found = [
            Access(asking.now, asking.caller, "R", stored.key.split("/")[0], stored.patient, [stored.key], True,
                   "registered again", asking.request_id)
            for stored in registered.values()
        ]  # fmt: skip
        await store.log.record(found)
    done = {position: Written(one, created=False, existing=True) for position, one in registered.items()}
    done |= {
        position: Written(one, created=False, existing=True) for position, one in settled.existing.items()
    }
    done |= {at: NOTHING_THERE for at, draft in enumerate(drafts) if draft.deletes and draft.id is None}
    todo = [draft for position, draft in enumerate(ready) if position not in done]
    _check_overlap(todo)
    written = iter(await _stored(todo, settled, asking, store, policy) if todo else [])
    return [done[position] if position in done else next(written) for position in range(len(ready))]


async def _stored(
    drafts: Sequence[Draft], settled: Settled, asking: Asking, store: Store, policy: Policy
) -> list[Written]:
    persons = await _persons(drafts, store)
    touched = sorted({person for person in persons if person})
    pairs = list(zip(drafts, persons, strict=True))

    async def commit(tx: WriteTransaction) -> list[Written]:
        await settled.still_holds(asking, tx)
        written = await commit_drafts(pairs, asking, tx, policy)
        if any(draft.only_tried for draft in drafts):
            raise WouldBeStored
        return written

    return await store.records.writing(touched, asking, commit, [repr(query) for query, *_ in settled.found])


def _check_overlap(drafts: Sequence[Draft]) -> None:
    """Refuse two writes of one resource in one transaction: which of them should hold?"""
    seen: set[str] = set()
    for draft in drafts:
        if draft.key in seen:
            raise BadRequest(
                Told("invalid", f"Two entries write {draft.key}; put them into one.", draft.where)
            )
        seen.add(draft.key)


async def _persons(drafts: Sequence[Draft], store: Store) -> list[str | None]:
    """Tell whose record each draft belongs to: it says so itself, or shares it with what it refers to."""
    named = [_named_person(draft) for draft in drafts]
    by_key = {draft.key: person for draft, person in zip(drafts, named, strict=True)}
    lookups = {draft.key for draft in drafts if not draft.creates}
    for draft, person in zip(drafts, named, strict=True):
        if person is None:
            lookups.update(
                key for key in references_at(draft.resource, *TYPES[draft.type].via) if key not in by_key
            )
    known = dict(await store.records.patients_of(lookups)) if lookups else {}

    def person_behind(draft: Draft, person: str | None, depth: int = 3) -> str | None:
        if person or not draft.creates:
            return known.get(draft.key) or person
        for key in references_at(draft.resource, *TYPES[draft.type].via):
            other = next((one for one in drafts if one.key == key), None)
            found = known.get(key) or (
                person_behind(other, by_key[key], depth - 1) if other is not None and depth else None
            )
            if found:
                return found
        return None

    return [person_behind(draft, person) for draft, person in zip(drafts, named, strict=True)]


def _named_person(draft: Draft) -> str | None:
    if draft.deletes or TYPES[draft.type].kind is not Kind.PERSON:
        return None
    return person_of(draft.key, draft.resource)


def check_scopes(drafts: Sequence[Draft], asking: Asking) -> None:
    """Check that the token allows each draft, as it stands: what comes as new may turn out to be an update."""
    for draft in drafts:
        decision = covered_by_scope(asking.caller, draft.type, draft.interaction)
        if not decision.allowed:
            raise ScopeTooNarrow(
                Told("forbidden", f"The token does not allow this: {decision.reason}.", draft.where)
            )
        decision = may_write(asking.caller, draft.type)
        if not decision.allowed:
            raise NotAllowed(Told("forbidden", f"This is not allowed: {decision.reason}.", draft.where))


def _check_shapes(drafts: Sequence[Draft]) -> None:
    told = []
    entries = {draft.full_url: f"{draft.type}/0" for draft in drafts if draft.full_url}
    for draft in drafts:
        for issue in shape_issues(_as_led(draft, entries)) if not draft.deletes else ():
            expression = (
                f"{draft.where}.{issue.expression.partition('.')[2]}" if draft.where else issue.expression
            )
            told.append(Told(issue.code, issue.text, expression.rstrip("."), issue.severity))
    if any(one.severity in {"error", "fatal"} for one in told):
        raise ShapeBroken(*told)


def _as_led(draft: Draft, entries: Mapping[str, str]) -> Resource:
    """Give the content with stand-ins for what its references will be: they are judged by the type they lead to."""
    led = {**entries, **{text: f"{query.type}/0" for text, query in draft.refers.items()}}
    if not led:
        return draft.plain
    plain: Resource = copied(draft.plain)
    make_local(plain, led, NO_BASE)
    return plain
