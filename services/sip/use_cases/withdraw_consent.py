"""Withdrawing a consent: at any time, and from that second on."""

from services.sip.domain.building.consent import withdrawn
from services.sip.use_cases.change_seen import change_seen
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.ports import Stored


async def withdraw_consent(key: str, desk: Desk) -> Stored:
    """Store the consent as ended; a plan that rests on it alone goes on hold in the same transaction."""
    return await change_seen(key, lambda given: withdrawn(given, desk.asking.now), desk)
