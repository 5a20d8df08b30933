"""Flagging somebody as frail, or no longer so."""

from copy import deepcopy
from typing import Final

from services.sip.domain.building.need import frailty
from services.sip.domain.care.contact.codes import FRAIL
from services.sip.domain.codes import NEED_ACTIVE, Code
from services.sip.domain.search_query import TermCondition
from services.sip.use_cases.change_seen import change_seen
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_scribe import find_scribe
from services.sip.use_cases.list_record import list_record
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.write_once import write_once

FLAGS: Final = TermCondition("code", (f"code={FRAIL.system}|{FRAIL.code}",))
RESOLVED: Final = Code(NEED_ACTIVE.system, "resolved")


async def flag_frailty(person: str, *, frail: bool, desk: Desk) -> Stored | None:
    """Store the flag; None when there is none and none is wanted."""
    scribe = await find_scribe(person, desk)
    flags = await list_record(person, "Condition", [FLAGS], desk)
    status = (NEED_ACTIVE if frail else RESOLVED).concept()
    if flags:
        return await change_seen(
            f"Condition/{flags[0]['id']}", lambda held: deepcopy(held) | {"clinicalStatus": status}, desk
        )
    return await write_once([frailty(scribe)], [], desk) if frail else None
