"""A write that was refused leaves its access row as well: who tried, on whose record, and why it was refused."""

from collections.abc import Sequence
from typing import Final

from services.sip.domain import errors
from services.sip.domain.resource_types import TYPES, Kind, person_of
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.ports import Access, Asking, Store

REASONS: Final[dict[type[errors.SipError], str]] = {
    errors.NotFound: "no care relation, or absent",
    errors.ScopeTooNarrow: "no scope covers it",
    errors.NotAllowed: "not allowed",
    errors.ShapeBroken: "not FHIR",
    errors.RulesBroken: "a rule of care or law would be broken",
    errors.ChangedMeanwhile: "changed meanwhile",
}


async def record_refusal(
    drafts: Sequence[Draft], refused: errors.SipError, asking: Asking, store: Store
) -> None:
    """Write one row for each person whose record was aimed at, or one without a person."""
    keys = [draft.key for draft in drafts if draft.id and not draft.creates]
    known = await store.records.patients_of(keys) if keys else {}
    persons: dict[str | None, list[Draft]] = {}
    for draft in drafts:
        persons.setdefault((draft.id and known.get(draft.key)) or _named(draft), []).append(draft)
    reason = REASONS.get(type(refused), "refused")
    await store.log.record(
        [
            Access(
                asking.now, asking.caller, "C" if all(one.creates for one in aimed) else "U", aimed[0].type,
                person, [one.key for one in aimed if one.id][:100], allowed=False, reason=reason,
                request_id=asking.request_id,
            )
            for person, aimed in persons.items()
        ]
    )  # fmt: skip


def _named(draft: Draft) -> str | None:
    """Give the person the draft itself names; what it holds is not judged yet, so it may be anything."""
    if TYPES[draft.type].kind is not Kind.PERSON or (draft.creates and draft.type == "Patient"):
        return None
    try:
        return person_of(draft.key, {**draft.plain, "resourceType": draft.type})
    except (KeyError, TypeError, AttributeError):
        return None
