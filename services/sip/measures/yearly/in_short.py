"""The few figures that stand first."""

from collections.abc import Iterator

from services.sip.domain.continuity.sip_process import WHAT_MATTERS
from services.sip.measures.cells import COC_INDEX, CONTACT_HELD, CONTACT_LACKED, REPORTED, SIP_NO, SIP_YES
from services.sip.measures.yearly.facts import YearFacts
from services.sip.measures.yearly.plots import Word
from services.sip.measures.yearly.sections import DOCTOR, index
from services.sip.measures.yearly.svg import percent

Key = tuple[str, str, str]
"""The figure, what it is, and what to hold it against."""


def key_figures(facts: YearFacts) -> Iterator[Key]:
    """Give the county's figures; a dash where some municipality has too few people to tell."""
    newest, places = facts.newest, facts.places
    doctor = newest.share_of_all(CONTACT_HELD, CONTACT_LACKED, DOCTOR, places)
    yield _big(doctor, percent), "av invånarna har en fast läkarkontakt", "nationellt mål: 55 %"
    coc = newest.mean_of_all(COC_INDEX, places)
    yield _big(coc, index), "kontinuitetsindex i primärvården", "1 är alltid samma person, 0 alltid en ny"
    asked = newest.share_of_all(SIP_YES, SIP_NO, WHAT_MATTERS, places)
    yield (
        _big(asked, percent),
        "tillfrågade om vad som är viktigt för dem",
        "av dem med plan det senaste året",
    )
    reported = newest.mean_of_all(REPORTED, places)
    yield _big(reported, index), "upplevd kontinuitet", "invånarnas egna svar, mellan 0 och 1"


def _big(value: float | None, word: Word) -> str:
    return "–" if value is None else word(value)
