"""Listing: a fast läkarkontakt is chosen with its unit, and the unit changes at most twice in a year."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Final

from services.sip.domain.care.contact.codes import SPECIAL_REASONS, UNIT_MERGED
from services.sip.domain.care.contact.facts import DOCTOR, Contact, contacts_of
from services.sip.domain.care.contact.succession import begins_now
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.parties import unit_behind
from services.sip.domain.care.violation import Violation
from services.sip.domain.held import Resource

MOST: Final = 2
YEAR: Final = timedelta(days=365)


def listing_rules(before: Resource | None, contact: Contact, context: CareContext) -> Iterator[Violation]:
    """Refuse a third change of unit within a year, unless the region allows it for special reasons."""
    if contact.kind != DOCTOR or contact.stands_in_for is not None or not begins_now(before, contact):
        return
    if SPECIAL_REASONS in contact.reasons:
        return
    changes = [one for one in unit_changes(context) if contact.start - YEAR < one.start <= contact.start]
    if contact.key in {one.key for one in changes} and len(changes) > MOST:
        yield Violation(
            "contact-listing-changes",
            f"The person has changed unit {len(changes) - 1} times within the year before this, and may twice; wait "
            "until a year has gone, or, where the region allows it for special reasons, add special-reasons to "
            "reasonCode.",
            "CareTeam.period.start",
            "HSL 7 kap. 3 b §",
        )


def unit_changes(context: CareContext) -> list[Contact]:
    """Give the fast läkarkontakter that began at another unit than the one before; a merger is no change."""
    doctors = [one for one in contacts_of(context) if one.kind == DOCTOR and one.stands_in_for is None]
    doctors.sort(key=lambda one: (one.start, one.key))
    return [
        later
        for earlier, later in pairwise(doctors)
        if unit_behind(earlier.holder, context) != unit_behind(later.holder, context)
        and UNIT_MERGED not in later.reasons
    ]
