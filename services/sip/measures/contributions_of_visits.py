"""What one person's visits add: the indices of continuity at the listed unit, and the staff met in home care."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from services.sip.domain.continuity.home_care import staff_met_of_late
from services.sip.domain.continuity.indices import coc, k_index, mmci, secon, upc
from services.sip.domain.continuity.listed_unit import LEAST_VISITS, Visit, at_listed_unit
from services.sip.measures.cells import (
    COC_BY_PROFESSION,
    COC_BY_UNIT,
    COC_INDEX,
    K_INDEX,
    MMCI_INDEX,
    SECON_INDEX,
    STAFF_MET,
    UPC_INDEX,
    Figure,
    Number,
)
from services.sip.measures.person_rows import PersonRows

Part = tuple[Figure, tuple[str, ...], Number]
INDICES: Final = (
    (COC_INDEX, coc),
    (UPC_INDEX, upc),
    (SECON_INDEX, secon),
    (MMCI_INDEX, mmci),
    (K_INDEX, k_index),
)
PROFESSIONS: Final = {
    "doctor-visit": "doctor",
    "nurse-visit": "nurse",
    "physiotherapy-visit": "physiotherapist",
}
"""The profession a visit was to, by its kind: what the source says of the visit, not of the provider's title."""


def of_visits(visits: Sequence[Visit], listed_at: str | None, now: datetime) -> Iterator[Part]:
    """Give the indices over all professions, then COC for each profession on its own."""
    counted = at_listed_unit(visits, listed_at, now)
    providers = [one.provider for one in counted if one.provider is not None]
    if len(providers) < LEAST_VISITS or listed_at is None:
        return
    for figure, index in INDICES:
        value = index(providers)
        if value is not None:
            yield figure, (), value
            if figure is COC_INDEX:
                yield COC_BY_UNIT, (listed_at,), value
    for kind, profession in PROFESSIONS.items():
        own = [one.provider for one in counted if one.kind == kind and one.provider is not None]
        value = coc(own) if len(own) >= LEAST_VISITS else None
        if value is not None:
            yield COC_BY_PROFESSION, (profession,), value


def of_home_care(person: PersonRows, now: datetime) -> Iterator[Part]:
    """Give the number of staff met in fourteen days, for whom the definition speaks of."""
    met = staff_met_of_late(person.who.birth if person.who else None, person.visits, now)
    if met is not None:
        yield STAFF_MET, (), met
