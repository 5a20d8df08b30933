"""Finding a person by exact personal number, the one look that needs no relation; it is on record."""

from services.chassis.outcome import Told
from services.sip.domain.errors import NotFound
from services.sip.domain.personal_number import PersonalNumber
from services.sip.domain.search_query import SearchQuery, TermCondition
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.search_resources import search_resources


async def find_person(number: PersonalNumber, desk: Desk) -> Stored:
    """Give the Patient; raises NotFound, which does not repeat the number."""
    term = f"identifier={number.system}|{number.digits}"
    query = SearchQuery("Patient", [TermCondition("identifier", (term,))], count=1)
    page = await search_resources(query, desk.asking, desk.store, "Patient?identifier")
    if not page.hits:
        text = "Nobody with this personal number is registered, or nobody you may look up."
        raise NotFound(Told("not-found", text, "/personal_number"))
    return page.hits[0]
