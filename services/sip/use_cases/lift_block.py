"""A care giver lifts its own block for another's emergency, for that emergency's time and no longer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from services.chassis.outcome import Told
from services.chassis.principal import Principal
from services.chassis.scopes import Interaction
from services.sip.domain.access import covered_by_scope
from services.sip.domain.emergency import CARE, LIFTED
from services.sip.domain.errors import NotAllowed, not_found
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.log_reader import LOG_CONTROL
from services.sip.use_cases.open_in_emergency import Emergencies
from services.sip.use_cases.ports import Access

LIFTING: Final[Mapping[str, tuple[str, Interaction]]] = {
    CARE: ("Consent", "u"),
    LOG_CONTROL: ("AuditEvent", "r"),
}
"""What the token must grant: to change consents; or, of who controls the log, to read there of the emergency."""


async def lift_block(
    person: str, emergency: str, reason: str, desk: Desk, emergencies: Emergencies
) -> datetime:
    """Give until when the other reads (lag (2022:913) 3 kap. 6 §); raises NotAllowed, NotFound."""
    asking, caller = desk.asking, desk.asking.caller
    access = Access(
        asking.now, caller, "E", "Consent", person, [person], allowed=True, reason=LIFTED,
        request_id=asking.request_id, query=f"AuditEvent/{emergency}: {reason}",
    )  # fmt: skip
    if refusal := _refusal(caller):
        await desk.store.log.record([replace(access, allowed=False, reason=refusal)])
        raise NotAllowed(Told("forbidden", f"This is not allowed: {refusal}."))
    until = await emergencies.lift(person, emergency, caller.giver or "", access)
    if until is None:
        refusal = "no such emergency, or nothing of this care giver is blocked in it"
        await desk.store.log.record([replace(access, allowed=False, reason=refusal)])
        raise not_found(f"AuditEvent/{emergency}")
    return until


def _refusal(caller: Principal) -> str:
    """Say why this caller may lift no block; nothing where it may."""
    if not caller.unit or not caller.giver or caller.purpose not in {CARE, LOG_CONTROL}:
        return "lifting a block takes an assignment at the care giver that holds it"
    if not caller.employee:
        return "somebody decides to lift a block, and the token names nobody"
    kind, interaction = LIFTING[caller.purpose]
    return "" if (scope := covered_by_scope(caller, kind, interaction)).allowed else scope.reason
