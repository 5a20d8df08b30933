"""Who reads the access log: the person their own, a privacy officer the own care giver's, nobody else any."""

from dataclasses import dataclass
from typing import Final

from services.chassis.principal import Principal

LOG_CONTROL: Final = "Loggkontroll"
"""The assignment's purpose (commissionPurpose) that gives the right: HSLF-FS 2016:40 4 kap., checks of access."""


@dataclass(frozen=True, slots=True)
class LogReader:
    """Whose rows may be seen: those of one care giver, those about one person, or those that a party was told of."""

    giver: str | None = None
    person: str | None = None
    told: str | None = None


def log_reader(caller: Principal) -> LogReader | None:
    """Give the part of the log that the caller may read; PDL 8 kap. 5 § for the person, and nobody for them."""
    if caller.patient and not caller.unit and not caller.relative:
        return LogReader(person=f"Patient/{caller.patient}")
    if caller.giver and caller.purpose == LOG_CONTROL:
        return LogReader(giver=caller.giver)
    return None
