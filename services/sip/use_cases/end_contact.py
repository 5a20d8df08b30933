"""Ending a fixed contact that nobody follows."""

from datetime import datetime

from services.sip.domain.building.contact import contact_ended
from services.sip.use_cases.change_seen import change_seen
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.ports import Stored


async def end_contact(key: str, at: datetime | None, desk: Desk) -> Stored:
    """Store the contact as ended at that moment, now unless told otherwise."""
    return await change_seen(key, lambda held: contact_ended(held, at or desk.asking.now), desk)
