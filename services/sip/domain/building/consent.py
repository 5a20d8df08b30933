"""Consent to share a plan, as the person gave it, and its withdrawal."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from services.sip.domain.building.scribe import Scribe, all_to, moment, to
from services.sip.domain.codes import (
    CONSENT_SCOPE,
    CONSENT_SECRECY_WAIVER,
    CONSENT_SIP,
    EXT_CONSENT_FORM,
    INFORMATION_RECIPIENT,
    LAW_OSL_10_1,
)
from services.sip.domain.held import Resource

_RECIPIENT: Final = {"coding": [INFORMATION_RECIPIENT.coding()]}


@dataclass(frozen=True, slots=True)
class ConsentWish:
    """What was agreed: `units` are HSA-ids, none means every party; `laws` are policy URIs.

    `plan` narrows it to one CarePlan, `relative` is the RelatedPerson who consents too (both `Type/id`).
    """

    units: tuple[str, ...]
    until: date
    form: str
    laws: tuple[str, ...]
    start: date | None = None
    plan: str | None = None
    relative: str | None = None


def consent(scribe: Scribe, wish: ConsentWish, actors: list[str]) -> Resource:
    """Build the Consent; `actors` are the Organizations behind the wish's units."""
    categories = [CONSENT_SIP, *([CONSENT_SECRECY_WAIVER] if LAW_OSL_10_1 in wish.laws else [])]
    period = {
        "start": wish.start.isoformat() if wish.start else scribe.moment,
        "end": wish.until.isoformat(),
    }
    provision: dict[str, Any] = {"type": "permit", "period": period}
    if actors:
        provision["actor"] = [{"role": _RECIPIENT, "reference": to(actor)} for actor in actors]
    if wish.plan:
        provision["data"] = [{"meaning": "related", "reference": to(wish.plan)}]
    givers = [*([wish.relative] if wish.relative else []), scribe.person]
    return scribe.new(
        "Consent",
        extension=[{"url": EXT_CONSENT_FORM, "valueCode": wish.form}],
        status="active",
        scope=CONSENT_SCOPE.concept(),
        category=[one.concept() for one in categories],
        patient=to(scribe.person),
        dateTime=scribe.moment,
        performer=all_to(givers),
        organization=[to(scribe.unit)],
        policy=[{"uri": law} for law in wish.laws],
        provision=provision,
    )


def withdrawn(given: Resource, now: datetime) -> Resource:
    """End a consent this second: from then on it lets nobody see anything."""
    ended = deepcopy(given)
    ended["status"] = "inactive"
    period = ended.setdefault("provision", {}).setdefault("period", {})
    if period.get("start", "") <= moment(now):
        period["end"] = moment(now)
    return ended
