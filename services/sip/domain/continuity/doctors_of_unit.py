"""The doctors who work at each unit, in full-time equivalents, read from the directory of assignments."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from services.sip.domain.care.reading import codes_in, extension, target
from services.sip.domain.codes import EXT_FULL_TIME, STAFF_ROLE
from services.sip.domain.continuity.list_simulation import Doctors
from services.sip.domain.held import Resource
from services.sip.domain.moments import span_of_period

MOST: Final = Decimal("1.5")
SPECIALIST: Final = "doctor"
ST_DOCTOR: Final = "st-doctor"


def doctors_by_unit(roles: Iterable[Resource], now: datetime) -> Mapping[str, Doctors]:
    """Add up the assignments that hold at a moment; one that states no full-time equivalent is none."""
    found: dict[str, Doctors] = {}
    for role in roles:
        unit, share = target(role.get("organization")), full_time(role)
        begin, end = span_of_period(role.get("period"))
        if unit is None or share is None or role.get("active") is False or not begin <= now < end:
            continue
        titles, before = codes_in(role.get("code"), STAFF_ROLE), found.get(unit, Doctors())
        if SPECIALIST in titles:
            found[unit] = Doctors(before.specialists + share, before.st_doctors)
        elif ST_DOCTOR in titles:
            found[unit] = Doctors(before.specialists, before.st_doctors + share)
    return found


def full_time(role: Resource) -> Decimal | None:
    """Read how much of full time an assignment is; what cannot be is not stated."""
    stated = (extension(role, EXT_FULL_TIME) or {}).get("valueDecimal")
    try:
        share = Decimal(str(stated))
    except InvalidOperation:
        return None
    return share if share.is_finite() and 0 <= share <= MOST else None
