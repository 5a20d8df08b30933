"""A write in the record of a person with protected identity: who may make it, and what it masks."""

from collections.abc import Collection, Mapping

from services.chassis.outcome import Told
from services.sip.domain.errors import NotAllowed
from services.sip.domain.held import Held
from services.sip.domain.protected_identity import TYPES_WITH_PLACES, is_protected, masked, sees_all, shielded
from services.sip.domain.search_entries import Entries, entries_of
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.ports import Asking

Records = Mapping[str, Held]


def check_protected(draft: Draft, before: Held | None, records: Records, asking: Asking) -> None:
    """Refuse a change by who sees the resource masked: what they do not see they would write away."""
    if before is None or before.own.unit == asking.caller.unit or sees_all(asking.caller):
        return
    if is_shielded(before, records):
        text = (
            f"{draft.key} is of somebody with protected identity and shown to you masked: the unit that wrote it "
            "changes it, or who has an assignment that sees it whole."
        )
        raise NotAllowed(Told("forbidden", text, draft.where or None))


def is_shielded(held: Held, records: Records) -> bool:
    """Tell whether what is held is masked, given the person as they are among these."""
    person = records.get(held.patient or "")
    return shielded(held.resource, person.resource if person else None)


def newly_judged(before: Records, after: Records, persons: Collection[str]) -> tuple[set[str], set[str]]:
    """Give the keys that come to be masked in all their versions, and those whose newest no longer is."""
    masking, unmasking = set[str](), set[str]()
    for person in persons:
        was, now = (
            is_protected(one.resource if (one := some.get(person)) else None) for some in (before, after)
        )
        if was == now or person not in before:
            continue
        places = {
            key for key, one in after.items() if one.patient == person and one.type in TYPES_WITH_PLACES
        }
        (masking if now else unmasking).update(places)
    for key, one in after.items():
        if one.type == "RelatedPerson" and is_protected(one.resource) and key in before:
            masking.add(key)
    return masking, unmasking - masking


def found_as_shown(
    masking: Collection[str], unmasking: Collection[str], after: Records, written: Collection[str]
) -> dict[str, Entries]:
    """Give what the newest versions that are not written now are found by, once they are shown otherwise."""
    return {
        key: entries_of(masked(after[key].resource) if key in masking else after[key].resource)
        for key in {*masking, *unmasking} - {*written}
    }
