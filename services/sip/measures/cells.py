"""The figures we compute, each a table of cells; a person gives a cell one number, and no more is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Final, NamedTuple

from services.sip.domain.continuity.profile import WAYS

Number = int | Fraction
Spread = Mapping[Number, int]
"""How many persons give the cell which number."""


class Cell(NamedTuple):
    """One cell of one figure; the labels stand in the order the figure names them."""

    figure: str
    labels: tuple[str, ...]


class Kind(Enum):
    """What the value of a cell is."""

    COUNT = "the sum of its persons' numbers"
    INDEX = "the mean of its persons' numbers, each between 0 and 1"
    AMOUNT = "the mean of its persons' numbers, of any size"


@dataclass(frozen=True, slots=True)
class Figure:
    """One table: what its cells count and which labels tell them apart.

    `own` are the figure's labels; those of the profile follow where people are told apart by it, the municipality last.
    """

    name: str
    own: tuple[str, ...]
    kind: Kind
    profiled: bool = True

    @property
    def labels(self) -> tuple[str, ...]:
        """Name the labels of a cell."""
        return (*self.own, *(WAYS if self.profiled else ()), MUNICIPALITY)


MUNICIPALITY: Final = "municipality"

PLANS: Final = Figure("plans", ("status",), Kind.COUNT)
FOLLOW_UPS_OVERDUE: Final = Figure("follow_ups_overdue", (), Kind.COUNT)
CONTACT_HELD: Final = Figure("contact_held", ("kind",), Kind.COUNT)
CONTACT_LACKED: Final = Figure("contact_lacked", ("kind",), Kind.COUNT)
CONTACT_BAND: Final = Figure("contact_band", ("kind", "band"), Kind.COUNT)
COC_INDEX: Final = Figure("coc_index", (), Kind.INDEX)
UPC_INDEX: Final = Figure("upc_index", (), Kind.INDEX)
SECON_INDEX: Final = Figure("secon_index", (), Kind.INDEX)
MMCI_INDEX: Final = Figure("mmci_index", (), Kind.INDEX)
K_INDEX: Final = Figure("k_index", (), Kind.INDEX)
COC_BY_PROFESSION: Final = Figure("coc_by_profession", ("profession",), Kind.INDEX)
COC_BY_UNIT: Final = Figure("coc_by_unit", ("unit",), Kind.INDEX, profiled=False)
LISTED: Final = Figure("listed", ("unit",), Kind.COUNT, profiled=False)
STAFF_MET: Final = Figure("staff_met", (), Kind.AMOUNT)
CALL_DAYS: Final = Figure("sip_call_days", (), Kind.AMOUNT)
SIP_YES: Final = Figure("sip_yes", ("question",), Kind.COUNT)
SIP_NO: Final = Figure("sip_no", ("question",), Kind.COUNT)
ATTENDANCE: Final = Figure("sip_attendance", (), Kind.INDEX)
GOALS_REACHED: Final = Figure("sip_goals_reached", (), Kind.INDEX)
REPORTED: Final = Figure("reported_continuity", (), Kind.INDEX)

FIGURES: Final[Mapping[str, Figure]] = {
    one.name: one
    for one in (
        *(PLANS, FOLLOW_UPS_OVERDUE, CONTACT_HELD, CONTACT_LACKED, CONTACT_BAND, LISTED),
        *(COC_INDEX, UPC_INDEX, SECON_INDEX, MMCI_INDEX, K_INDEX, COC_BY_PROFESSION, COC_BY_UNIT),
        *(STAFF_MET, CALL_DAYS, SIP_YES, SIP_NO, ATTENDANCE, GOALS_REACHED, REPORTED),
    )
}
"""A share is no figure of its own: it is read from two counts, those who have and those who lack."""


def kind_of(cell: Cell) -> Kind:
    """Tell what the value of the cell is; a table by groups, `figure.way`, is of its figure's kind."""
    return FIGURES[cell.figure.partition(".")[0]].kind
