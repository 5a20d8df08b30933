"""The one way in: every write, FHIR or plain JSON, single or in a Bundle, passes here and nowhere else."""

from collections.abc import Sequence

from services.chassis.outcome import Told
from services.sip.domain.access import covered_by_scope, may_write
from services.sip.domain.errors import NotAllowed, ScopeTooNarrow, ShapeBroken, StoreBusy
from services.sip.domain.identity import identities_of
from services.sip.domain.resource_types import TYPES, Kind, person_of, references_at
from services.sip.domain.shape import shape_issues
from services.sip.use_cases.commit_drafts import commit_drafts
from services.sip.use_cases.drafts import Draft, Policy, Written, made_ready
from services.sip.use_cases.ports import Access, Asking, IdentityTaken, Store

ATTEMPTS = 3


async def write_resources(
    drafts: Sequence[Draft], asking: Asking, store: Store, policy: Policy
) -> list[Written]:
    """Store all the drafts or none; answers stand in the order of the drafts."""
    _check_scopes(drafts, asking)
    _check_shapes(drafts)
    for _ in range(ATTEMPTS):
        try:
            return await _written(drafts, asking, store, policy)
        except IdentityTaken:
            continue
    raise StoreBusy(
        Told("transient", "The same person is being registered elsewhere at this moment; try again.")
    )


async def _written(drafts: Sequence[Draft], asking: Asking, store: Store, policy: Policy) -> list[Written]:
    numbers = [one for draft in drafts if draft.creates for one in identities_of(draft.plain)]
    known = await store.records.identified(numbers) if numbers else {}
    ready, existing = made_ready(drafts, known, policy)
    if existing:
        found = [
            Access(asking.now, asking.caller, "R", stored.key.split("/")[0], stored.key, [stored.key], True,
                   "registered again by personal number", asking.request_id)
            for stored in existing.values()
        ]  # fmt: skip
        await store.log.record(found)
    todo = [draft for position, draft in enumerate(ready) if position not in existing]
    written = iter(await _stored(todo, asking, store, policy) if todo else [])
    return [
        Written(existing[position], created=False, existing=True) if position in existing else next(written)
        for position in range(len(ready))
    ]


async def _stored(drafts: Sequence[Draft], asking: Asking, store: Store, policy: Policy) -> list[Written]:
    persons = await _persons(drafts, store)
    touched = sorted({person for person in persons if person})
    pairs = list(zip(drafts, persons, strict=True))
    return await store.records.writing(touched, asking, lambda tx: commit_drafts(pairs, asking, tx, policy))


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
    return person_of(draft.key, draft.resource) if TYPES[draft.type].kind is Kind.PERSON else None


def _check_scopes(drafts: Sequence[Draft], asking: Asking) -> None:
    for draft in drafts:
        decision = covered_by_scope(asking.caller, draft.type, "c" if draft.creates else "u")
        if not decision.allowed:
            raise ScopeTooNarrow(
                Told("forbidden", f"The token does not allow this: {decision.reason}.", draft.where)
            )
        decision = may_write(asking.caller, draft.type)
        if not decision.allowed:
            raise NotAllowed(Told("forbidden", f"This is not allowed: {decision.reason}.", draft.where))


def _check_shapes(drafts: Sequence[Draft]) -> None:
    told = []
    for draft in drafts:
        for issue in shape_issues(draft.plain):
            expression = (
                f"{draft.where}.{issue.expression.partition('.')[2]}" if draft.where else issue.expression
            )
            told.append(Told(issue.code, issue.text, expression.rstrip("."), issue.severity))
    if any(one.severity in {"error", "fatal"} for one in told):
        raise ShapeBroken(*told)
