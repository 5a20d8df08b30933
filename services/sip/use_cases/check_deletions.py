"""What is deleted must not be missed: nothing that stays may refer to it."""

from collections.abc import Mapping, Sequence

from services.chassis.outcome import Told
from services.sip.domain.errors import StillReferredTo
from services.sip.domain.held import Held
from services.sip.domain.references import keys_referred_to
from services.sip.domain.resource_types import TYPES, Kind
from services.sip.use_cases.check_updates import may_see
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.ports import Asking, WriteTransaction


async def check_deletions(
    pairs: Sequence[tuple[Draft, str | None]], after: Mapping[str, Held], asking: Asking, tx: WriteTransaction
) -> None:
    """Raise StillReferredTo naming, of the same person alone, what refers to a draft's deletion."""
    told = []
    for draft, person in pairs:
        if not draft.deletes:
            continue
        others = [held for held in after.values() if held.patient == person and not held.deleted]
        referring = [held for held in others if draft.key in _keys(held)] if person else []
        if referring or await tx.is_mentioned(draft.key, person):
            shown = [held.key for held in referring if may_see(held, asking)]
            told.append(Told("conflict", _text(draft, shown), draft.where or None, rule="referred-to"))
    if told:
        raise StillReferredTo(*told)


def _keys(held: Held) -> frozenset[str]:
    return keys_referred_to(held.resource) - {held.key}


def _text(draft: Draft, shown: Sequence[str]) -> str:
    """Name what the caller may see of it, and no more."""
    if TYPES[draft.type].kind is Kind.DIRECTORY:
        return f"{draft.key} is referred to by what is stored: set active to false instead of deleting it."
    by = ", ".join(sorted(shown)[:5]) or "other resources"
    return f"{draft.key} is referred to by {by}: take it out there first, or delete them together."
