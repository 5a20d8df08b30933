"""Noting a need: it founds the noting unit's relation to the person."""

from services.sip.domain.building.need import need
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_scribe import find_scribe
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.write_once import write_once


async def note_need(person: str, text: str, desk: Desk) -> Stored:
    """Store the need."""
    return await write_once([need(await find_scribe(person, desk), text)], [], desk)
