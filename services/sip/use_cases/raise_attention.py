"""Putting on the work list what no write gives cause to, through the one way in, for the unit whose contact it is."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import orjson

from services.chassis.principal import Principal
from services.sip.domain.building.scribe import moment
from services.sip.domain.care.contact.attention import Cause, entry
from services.sip.domain.care.contact.codes import MANY_PEOPLE
from services.sip.domain.errors import AlreadyThere, SipError, StoreBusy
from services.sip.domain.exact_json import dumped
from services.sip.domain.held import Place
from services.sip.domain.moments import SWEDEN
from services.sip.use_cases.attention_ports import AttentionSource, Concern
from services.sip.use_cases.drafts import Draft, Policy
from services.sip.use_cases.ports import Asking, Store
from services.sip.use_cases.write_resources import write_resources

BATCH: Final = 200
OURSELVES: Final = Principal("samplan-attention", "samplan-attention", scopes=("system/*.cruds",))
"""The service itself acts, on behalf of the unit whose contact it is; the access log says so."""


@dataclass(frozen=True, slots=True)
class Raised:
    """How many entries were new, and how many could not be written."""

    new: int = 0
    refused: int = 0


async def raise_attention(source: AttentionSource, store: Store, policy: Policy, now: datetime) -> Raised:
    """Look at everybody once."""
    agreed = policy.agreed
    concerns = list(await source.run_out(now, BATCH))
    since = now - timedelta(days=agreed.frail_meets_within_days)
    async for one in source.frail(since, agreed.frail_meets_most_people):
        if one.contact and one.unit:
            once = _period(now, agreed.frail_meets_within_days)
            day = since.astimezone(SWEDEN).date().isoformat()
            cause = Cause(MANY_PEOPLE, one.contact, one.person, day, one.unit, once)
            concerns.append(Concern(cause, one.place))
    raised = Raised()
    for concern in concerns:
        outcome = await _raised(concern, source, store, policy, now)
        raised = replace(
            raised, new=raised.new + (outcome is True), refused=raised.refused + (outcome is None)
        )
    return raised


async def _raised(
    concern: Concern, source: AttentionSource, store: Store, policy: Policy, now: datetime
) -> bool | None:
    """Tell whether it was new; None when it could not be written."""
    task = entry(concern.cause, moment(now))
    if await source.entered(f"Task/{task['id']}"):
        return False
    asking = Asking(_on_behalf(concern.place), now, "work-list")
    draft = Draft("Task", task, orjson.loads(dumped(task)), id=task["id"])
    try:
        await write_resources([draft], asking, store, policy)
    except AlreadyThere:
        return False
    except (SipError, StoreBusy):
        return None
    return True


def _on_behalf(place: Place) -> Principal:
    return replace(OURSELVES, unit=place.unit, giver=place.giver)


def _period(now: datetime, days: int) -> str:
    """Number the spans of so many days: who is on the list for one is not put there again before the next."""
    return str(now.date().toordinal() // days)
