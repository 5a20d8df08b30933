"""Is something blocked? That is all that is told: not what, by whom, or to whom (lag (2022:913) 2 kap. 5 §)."""

from datetime import datetime

import orjson

from services.sip.domain.consent_cover import categories_of, in_force
from services.sip.domain.held import Resource
from services.sip.domain.moments import span_of_period
from services.sip.domain.sight import Sight
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.ports import Access
from services.sip.use_cases.read_resource import read_resource


async def read_block_notice(person: str, desk: Desk) -> bool:
    """Tell whether any block is in force; raises NotFound for a person whom the caller may not see."""
    asking, store = desk.asking, desk.store
    await read_resource(person, asking, store)
    # Every consent counts, whoever may read it: what is told does not vary with that.
    consents = await store.records.visible(person, ("Consent",), Sight(), asking.now)
    blocked = any(_is_block(orjson.loads(one.body), asking.now) for one in consents)
    notice = Access(
        asking.now, asking.caller, "R", "Consent", person, [], allowed=True, reason="block notice",
        request_id=asking.request_id,
    )  # fmt: skip
    await store.log.record([notice])
    return blocked


def _is_block(consent: Resource, now: datetime) -> bool:
    start, end = span_of_period(consent.get("provision", {}).get("period"))
    return in_force(consent) and "block" in categories_of(consent) and start <= now < end
