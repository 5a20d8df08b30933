"""Noting what matters to the person: a new answer stands in the place of the earlier, which history keeps."""

from services.sip.domain.building.draft import Answer
from services.sip.domain.building.plan import with_references
from services.sip.domain.building.scribe import key_of
from services.sip.domain.building.what_matters import said_anew, what_matters
from services.sip.domain.care.reading import has_code
from services.sip.domain.codes import WHAT_MATTERS
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.open_plan import PlanVersion, open_plan
from services.sip.use_cases.ports import Stored


async def state_what_matters(plan: PlanVersion, answer: Answer, desk: Desk) -> Stored:
    """Store the answer and the plan."""
    opened = await open_plan(plan, desk)
    told = [
        one for one in opened.referred("supportingInfo") if has_code(one.resource.get("code"), WHAT_MATTERS)
    ]
    if told:
        anew = said_anew(told[0].resource, answer.words, opened.scribe)
        return await opened.save(opened.resource, changed=[(anew, told[0].version)])
    first = what_matters(opened.scribe, answer.words)
    return await opened.save(with_references(opened.resource, "supportingInfo", [key_of(first)]), [first])
