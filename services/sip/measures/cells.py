"""The figures we compute, each a table of cells; a person gives a cell one number, and no more is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Final, NamedTuple

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


@dataclass(frozen=True, slots=True)
class Figure:
    """One table: what its cells count and which labels tell them apart."""

    name: str
    labels: tuple[str, ...]
    kind: Kind


PLANS: Final = Figure("plans", ("status", "municipality"), Kind.COUNT)
FOLLOW_UPS_OVERDUE: Final = Figure("follow_ups_overdue", ("municipality",), Kind.COUNT)
CONTACT_HELD: Final = Figure("contact_held", ("kind", "municipality"), Kind.COUNT)
CONTACT_LACKED: Final = Figure("contact_lacked", ("kind", "municipality"), Kind.COUNT)
COC_INDEX: Final = Figure("coc_index", ("municipality",), Kind.INDEX)

FIGURES: Final[Mapping[str, Figure]] = {
    one.name: one for one in (PLANS, FOLLOW_UPS_OVERDUE, CONTACT_HELD, CONTACT_LACKED, COC_INDEX)
}
"""Coverage is no figure of its own: it is read from the two counts, who holds a contact and who lacks one."""


def kind_of(cell: Cell) -> Kind:
    """Tell what the value of the cell is."""
    return FIGURES[cell.figure].kind
