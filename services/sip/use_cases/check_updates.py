"""May this draft replace what is there? Visible, still the version meant, of the same person, of one's own house."""

from services.chassis.outcome import Told
from services.chassis.scopes import Interaction
from services.sip.domain.access import reader_key
from services.sip.domain.errors import (
    AlreadyThere,
    ChangedMeanwhile,
    NotAllowed,
    RulesBroken,
    ScopeTooNarrow,
    gone,
    not_found,
)
from services.sip.domain.held import Held
from services.sip.domain.resource_types import TYPES, Kind, person_of
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.ports import Asking
from services.sip.use_cases.read_resource import sight_of


def check_update(draft: Draft, before: Held | None, asking: Asking) -> None:
    """Raise the error of domain/errors.py that says why the draft may not be stored."""
    if draft.creates:
        if before is not None:
            raise AlreadyThere(Told("duplicate", f"{draft.key} is there already.", draft.where or None))
        return
    if before is None or not may_see(before, asking, draft.interaction):
        raise not_found(draft.key)
    if before.deleted and (draft.deletes or not owns(before, asking)):
        raise gone(draft.key)
    if before.version != draft.replaces:
        text = f"{draft.key} is now version {before.version}, not {draft.replaces}: read it again and redo the change."
        raise ChangedMeanwhile(Told("conflict", text, draft.where or None))
    _check_house(draft, before, asking)
    named = None if draft.deletes else person_of(draft.key, draft.resource)
    if before.patient is not None and named is not None and named != before.patient:
        text = f"{draft.key} is about another person; a resource never moves from one person to another."
        raise RulesBroken(Told("business-rule", text, draft.where or draft.type, rule="person-fixed"))


def _check_house(draft: Draft, before: Held, asking: Asking) -> None:
    """A directory row is its care giver's; what is a person's may be changed by others, deleted by its unit alone."""
    directory = TYPES[draft.type].kind is Kind.DIRECTORY
    if not (directory or draft.deletes) or owns(before, asking):
        return
    text = (
        f"{draft.key} belongs to another care giver, which alone may change it."
        if directory
        else f"{draft.key} was written by another unit, which alone may delete it."
    )
    raise NotAllowed(Told("forbidden", text, draft.where or None))


def owns(held: Held, asking: Asking) -> bool:
    """Tell whether the caller acts for the unit (for a directory row: the care giver) that wrote it."""
    if TYPES[held.type].kind is Kind.DIRECTORY:
        return held.own.giver == asking.caller.giver
    return held.own.unit == asking.caller.unit


def check_within_scopes(draft: Draft, asking: Asking) -> None:
    """A scope with a query grants the writing of what the query finds: as it was, and as it will be."""
    sight = sight_of(draft.type, asking, draft.interaction)
    if not draft.deletes and not sight.covers(draft.resource, asking.now):
        text = f"The token's scopes for {draft.type} are for some alone, and this would not be one of them."
        raise ScopeTooNarrow(Told("forbidden", text, draft.where or None))


def may_see(held: Held, asking: Asking, interaction: Interaction = "r") -> bool:
    """Tell whether the caller may see this version's resource now, for reading or for what is to be done to it."""
    if not sight_of(held.type, asking, interaction).covers(held.resource, asking.now):
        return False
    if TYPES[held.type].kind is Kind.DIRECTORY:
        return True
    reader = reader_key(asking.caller)
    return any(one.unit == reader and one.holds_at(asking.now) for one in held.readers)
