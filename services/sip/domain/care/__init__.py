"""The rules of care and law: what may be stored, what follows from it, what it tells the world."""

from services.sip.domain.care.agreed_practice import AgreedPractice
from services.sip.domain.care.consequences import HAVING_CONSEQUENCES, consequences
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.deletion import deletion_violations
from services.sip.domain.care.events import events
from services.sip.domain.care.rules import violations
from services.sip.domain.care.violation import Violation

__all__ = [
    "HAVING_CONSEQUENCES",
    "AgreedPractice",
    "CareContext",
    "Violation",
    "consequences",
    "deletion_violations",
    "events",
    "violations",
]
