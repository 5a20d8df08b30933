"""What may be deleted: only what has no effect, or was a mistake; the rest is ended, and stays to be read.

Deleting hides and keeps: every version stays for as long as records must be kept (PDL 3 kap. 17 §: ten years).
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from services.sip.domain.care.contact.facts import is_fixed_contact
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.violation import Violation
from services.sip.domain.held import Resource

BASIS: Final = "PDL 3 kap. 14 §"
"""Information in a record may not be erased or made unreadable."""


class Deletable(NamedTuple):
    """The statuses in which a resource of one type may be deleted, and what is done in the others."""

    what: str
    statuses: frozenset[str]
    instead: str


_ENDED: Final = "end it (completed or revoked), or mark it entered-in-error"
_DELETABLE: Final[Mapping[str, Deletable]] = {
    "CarePlan": Deletable("A plan", frozenset({"draft", "entered-in-error"}), _ENDED),
    "Task": Deletable(
        "A task", frozenset({"draft", "entered-in-error"}), "end it, or mark it entered-in-error"
    ),
    "Consent": Deletable(
        "A consent",
        frozenset({"draft", "proposed", "entered-in-error"}),
        "withdraw it by an end of its period, or mark it entered-in-error",
    ),
    "CareTeam": Deletable(
        "A fixed contact", frozenset({"proposed", "entered-in-error"}), "end it, or mark it entered-in-error"
    ),
    "Communication": Deletable(
        "A call that was sent",
        frozenset({"preparation", "not-done", "entered-in-error"}),
        "mark it entered-in-error",
    ),
    "Encounter": Deletable(
        "A contact made", frozenset({"planned", "cancelled", "entered-in-error"}), "mark it entered-in-error"
    ),
    "QuestionnaireResponse": Deletable(
        "An answered form",
        frozenset({"in-progress", "stopped", "entered-in-error"}),
        "mark it entered-in-error",
    ),
}


def deletion_violations(resource: Resource, context: CareContext) -> list[Violation]:  # noqa: ARG001 - as all rules are asked
    """Name what keeps a resource, as it is now, from being deleted."""
    kind = resource["resourceType"]
    row = _DELETABLE.get(kind)
    if row is None or (kind == "CareTeam" and not is_fixed_contact(resource)):
        return []
    status = resource.get("status", "")
    if status in row.statuses:
        return []
    allowed = ", ".join(sorted(row.statuses))
    text = f"{row.what} that is {status or 'without status'} is not deleted, what is {allowed} may be: {row.instead}."
    return [Violation("deletion-refused", text, f"{kind}.status", BASIS)]
