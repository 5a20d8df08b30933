"""Every reference must lead to something the writer may see, about the same person; places never move."""

from collections.abc import Mapping, Sequence

from services.chassis.outcome import Told
from services.sip.domain.codes import UNIT_KIND
from services.sip.domain.errors import NotAllowed, RulesBroken
from services.sip.domain.held import Held
from services.sip.domain.references import keys_referred_to
from services.sip.domain.resource_types import TYPES, Kind, values_at
from services.sip.use_cases.check_updates import may_see
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.ports import Asking


def check_references(
    pairs: Sequence[tuple[Draft, str | None]],
    asking: Asking,
    before: Mapping[str, Held],
    after: Mapping[str, Held],
    directory: Mapping[str, Held],
) -> None:
    """Raise RulesBroken naming every reference that does not hold; hidden and absent are told alike."""
    drafted = {draft.key for draft, _ in pairs}
    told = []
    for draft, person in (pair for pair in pairs if not pair[0].deletes):
        row = TYPES[draft.type]
        if row.kind is Kind.PERSON and person is None:
            told.append(
                _broken(draft, f"This {draft.type} names no person: which resident's record is it part of?")
            )
        for key in sorted(keys_referred_to(draft.resource)):
            held = after[key] if key in drafted else before.get(key) or directory.get(key)
            if key in drafted and (row.whole_record or held is None or not held.patient):
                continue  # it comes with this, and what it may be about the rules of the record tell
            if held is None or held.deleted or not (key in drafted or may_see(held, asking) or key == person):
                # A person found by number may be written about before any relation to the unit exists.
                told.append(_broken(draft, f"It refers to {key}, which is not here, or not for you to see."))
            elif held.patient and held.patient != person and row.kind is Kind.PERSON:
                told.append(_broken(draft, f"It refers to {key}, which is about another person."))
        _check_place(draft, before.get(draft.key), after[draft.key], asking)
    if told:
        raise RulesBroken(*told)


def _broken(draft: Draft, text: str) -> Told:
    return Told("business-rule", text, draft.where or draft.type, rule="reference")


def _check_place(draft: Draft, before: Held | None, after: Held, asking: Asking) -> None:
    """A directory row is written by its own care giver, and never moves: who may read follows from where it is."""
    if TYPES[draft.type].kind is not Kind.DIRECTORY:
        return
    if after.place.giver is not None and after.place.giver != asking.caller.giver:
        text = f"This {draft.type} belongs to care giver {after.place.giver}; the token is for another."
        raise NotAllowed(Told("forbidden", text, draft.where or draft.type))
    if before is not None and (before.place != after.place or _unit_kind(before) != _unit_kind(after)):
        text = f"{draft.key} cannot move to another unit or giver, or change its kind: end it and create a new one."
        raise RulesBroken(Told("business-rule", text, draft.where or draft.type, rule="place-fixed"))


def _unit_kind(held: Held) -> set[str]:
    """What the law lets a unit read depends on what it does (lag (2022:913) 1 kap. 1 §)."""
    codings = values_at(held.resource, "type.coding")
    return {str(one.get("code")) for one in codings if one.get("system") == UNIT_KIND}
