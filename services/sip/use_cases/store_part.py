"""One part of an import: stored in one transaction; where something in it is refused, again without that.

So what is stored is what would have been stored one by one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from services.chassis.outcome import Told
from services.sip.domain.errors import AlreadyThere, ChangedMeanwhile, SipError, StoreBusy
from services.sip.use_cases.drafts import Draft, Policy
from services.sip.use_cases.import_ports import Imports
from services.sip.use_cases.ports import Access, Asking, Store, Stored
from services.sip.use_cases.record_refusal import record_refusal
from services.sip.use_cases.sent_before import KIND, Identifier, what_is_meant
from services.sip.use_cases.write_resources import check_scopes, store_admitted

PATIENCE: Final = (0.2, 1.0, 3.0, 10.0)
"""Seconds between tries when the store does not answer; after the last the client is told to go on later."""

Refusal = tuple[Draft, SipError]


@dataclass(frozen=True, slots=True)
class Importing:
    """What one import works with; `clock` gives the time, as an import may last."""

    id: str
    unit: str
    asking: Asking
    store: Store
    imports: Imports
    policy: Policy
    clock: Callable[[], datetime]
    patience: Sequence[float] = PATIENCE

    def at_this_time(self) -> "Importing":
        """Give the same, now: rights are looked at as they are when each part is stored."""
        return replace(self, asking=replace(self.asking, now=self.clock()))


@dataclass(slots=True)
class PartStored:
    """What came of one part."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[Draft, Sequence[Told]]] = field(default_factory=list)

    def add(self, other: "PartStored") -> None:
        """Add what came of another part."""
        self.created += other.created
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.refused += other.refused

    def count(self, stored: Sequence[Draft]) -> None:
        """Count what was stored."""
        self.created += sum(one.creates for one in stored)
        self.changed += sum(not one.creates for one in stored)


async def store_part(drafts: Mapping[Identifier, Draft], importing: Importing) -> PartStored:
    """Find out what each draft means, and store; once more what others changed in between. Raises StoreBusy."""
    done, waiting = PartStored(), drafts
    for may_try_again in (True, False):
        meant = await what_is_meant(waiting, importing.unit, importing.asking, importing.store.records)
        await _record_unchanged(meant.unchanged, importing)
        done.unchanged += len(meant.unchanged)
        stored, refused = await _without_the_refused(meant.drafts, importing)
        done.count(stored)
        again = {one.where for one, why in refused if may_try_again and _is_overtaken(why)}
        for draft, why in [*meant.refused, *refused]:
            if draft.where not in again:
                await record_refusal([draft], why, importing.asking, importing.store)
                done.refused.append((draft, within(why.told, draft.where)))
        waiting = {identifier: one for identifier, one in waiting.items() if one.where in again}
        if not waiting:
            break
    return done


def _is_overtaken(why: SipError) -> bool:
    return isinstance(why, AlreadyThere | ChangedMeanwhile)


async def _without_the_refused(
    drafts: Sequence[Draft], importing: Importing
) -> tuple[Sequence[Draft], list[Refusal]]:
    """Store all that can be: without those that an error names, or by halves where it names none."""
    refused: list[Refusal] = []
    left = drafts
    while left:
        try:
            check_scopes(left, importing.asking)
            await store_admitted(left, importing.asking, importing.store, importing.policy)
        except StoreBusy:
            raise
        except SipError as why:
            blamed = [one for one in left if one.where in {_place(told) for told in why.told}]
            if not blamed and len(left) > 1:
                return await _by_halves(left, refused, importing)
            refused += [(one, _about(one, why)) for one in blamed or left]
            named = {one.where for one in blamed or left}
            left = [one for one in left if one.where not in named]
        else:
            return left, refused
    return [], refused


async def _by_halves(
    drafts: Sequence[Draft], refused: Sequence[Refusal], importing: Importing
) -> tuple[Sequence[Draft], list[Refusal]]:
    middle = len(drafts) // 2
    first, their = await _without_the_refused(drafts[:middle], importing)
    second, other = await _without_the_refused(drafts[middle:], importing)
    return [*first, *second], [*refused, *their, *other]


def _place(told: Told) -> str:
    """Give the draft that is meant: `Encounter[17]` of `Encounter[17].participant[0]`."""
    opening, bracket, _ = (told.expression or "").partition("]")
    return opening + bracket


def _about(draft: Draft, why: SipError) -> SipError:
    """Give of an error what is about this draft."""
    own = [one for one in why.told if _place(one) == draft.where]
    return type(why)(*own) if own else why


def within(told: Sequence[Told], where: str) -> Sequence[Told]:
    """Tell places as within the one resource: `Encounter.participant[0]`."""
    return [replace(one, expression=(one.expression or KIND).replace(where, KIND, 1)) for one in told]


async def _record_unchanged(there: Sequence[Stored], importing: Importing) -> None:
    """To be told that nothing has changed is to be told what is there."""
    by_person: dict[str | None, list[str]] = {}
    for one in there:
        by_person.setdefault(one.patient, []).append(one.key)
    asking = importing.asking
    if by_person:
        await importing.store.log.record(
            [
                Access(
                    asking.now, asking.caller, "R", KIND, person, keys, True, "sent again", asking.request_id
                )
                for person, keys in by_person.items()
            ]
        )
