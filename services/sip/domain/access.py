"""May the caller? Scope first, then the caller's place in care; every answer carries its reason."""

from dataclasses import dataclass

from services.chassis.principal import Principal
from services.chassis.scopes import Interaction, allows, narrowed, without_patient_level
from services.sip.domain.resource_types import TYPES, Kind

WRITES = frozenset({"c", "u", "d"})
OF_MANY = frozenset({"MeasureReport"})
"""What is about many people at once: no scope for one patient's data reaches it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or refused, with the reason that the access record keeps."""

    allowed: bool
    reason: str


def reader_key(caller: Principal) -> str | None:
    """Give whom `readers` must name: the resident or a relative as a person, staff as their unit."""
    if caller.relative and not caller.unit:
        return caller.relative
    if caller.patient and not caller.unit:
        return f"Patient/{caller.patient}"
    return caller.unit


def covered_by_scope(caller: Principal, resource_type: str, interaction: Interaction) -> Decision:
    """Judge by the token's SMART scopes: c, r, u, d or s on a type."""
    scopes = effective_scopes(caller, resource_type)
    if allows(scopes, resource_type, interaction) or narrowed(scopes, resource_type, interaction):
        return Decision(allowed=True, reason="scope")
    if scopes != caller.scopes and allows(caller.scopes, resource_type, interaction):
        reason = f"patient-level scopes are the person's own; staff need user/{resource_type}.{interaction}"
        return Decision(allowed=False, reason=reason)
    return Decision(allowed=False, reason=f"no scope covers {interaction} on {resource_type}")


def effective_scopes(caller: Principal, resource_type: str) -> tuple[str, ...]:
    """A unit reads what its relations give it, and no query narrows that to a launch's one patient: so none counts."""
    own = not caller.unit and resource_type not in OF_MANY
    return caller.scopes if own else without_patient_level(caller.scopes)


def scope_queries(caller: Principal, resource_type: str, interaction: Interaction) -> tuple[str, ...]:
    """Give the queries that the caller's scopes stay within; none where they cover the whole type."""
    return narrowed(effective_scopes(caller, resource_type), resource_type, interaction)


def may_write(caller: Principal, resource_type: str) -> Decision:
    """Judge by who the caller is: staff at a named unit of a named care giver write; a resident reads."""
    if TYPES[resource_type].kind is Kind.DERIVED:
        return Decision(allowed=False, reason=f"{resource_type} is made by the service itself")
    if not caller.unit or not caller.giver:
        return Decision(
            allowed=False, reason="the token names no unit and care giver that answers for what is written"
        )
    return Decision(allowed=True, reason="own unit's assignment")
