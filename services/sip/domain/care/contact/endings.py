"""What follows for the person's other contacts when one begins or ends: they end, rest, or hold again."""

from copy import deepcopy

from services.sip.domain.care.contact.codes import ENDED, EXT_STEP, FIRST
from services.sip.domain.care.contact.facts import HOLDING, Contact
from services.sip.domain.care.contact.stand_in import resting, standing_in_for
from services.sip.domain.care.contact.succession import replaced_by
from services.sip.domain.care.context import CareContext
from services.sip.domain.codes import CONTACT_CHANGE_REASON, CONTACT_CHANGE_REASONS, Code
from services.sip.domain.held import Resource
from services.sip.domain.moments import span_of


def contacts_following(before: Resource | None, contact: Contact, context: CareContext) -> list[Resource]:
    """Give the new versions of the person's other contacts, complete."""
    moment = contact.resource.get("period", {}).get("start") or context.now.isoformat()
    reason = next((one for one in contact.reasons if one in CONTACT_CHANGE_REASONS and one != FIRST), "other")
    ended = [ended_at(one, moment, reason) for one in replaced_by(before, contact, context)]
    return ended + _with_its_stand_ins(before, contact, context) + resting(before, contact, context)


def _with_its_stand_ins(before: Resource | None, contact: Contact, context: CareContext) -> list[Resource]:
    """Who stands in for a contact that ends stands in for nobody any more."""
    if before is None or before.get("status") not in HOLDING or contact.status in HOLDING:
        return []
    moment = contact.resource.get("period", {}).get("end") or context.now.isoformat()
    return [ended_at(one, moment, "other") for one in standing_in_for(contact.key, context)]


def ended_at(contact: Contact, moment: str, reason: str) -> Resource:
    """End a contact at the moment, with the step that says why; an end that it has already, and is earlier, stays."""
    ended = deepcopy(contact.resource) | {"id": contact.key.partition("/")[2], "status": "inactive"}
    period = ended.get("period", {})
    if contact.end <= span_of(moment)[0]:
        moment = period["end"]
    ended["period"] = {**period, "end": moment}
    for participant in ended.get("participant", ()):
        if "period" in participant:
            participant["period"]["end"] = moment
    return ended | {"extension": [*ended.get("extension", ()), step(ENDED, moment, reason)]}


def step(state: str, at: str, reason: str | None) -> Resource:
    """Write a step."""
    parts: list[Resource] = [{"url": "state", "valueCode": state}, {"url": "at", "valueDateTime": at}]
    if reason:
        parts.append({"url": "reason", "valueCodeableConcept": Code(CONTACT_CHANGE_REASON, reason).concept()})
    return {"url": EXT_STEP, "extension": parts}
