"""The running sums: persons are added one by one and can be taken out again, exactly, in any order."""

from collections.abc import Iterator, Mapping

from services.sip.measures.cells import Cell, Number, Spread

Contribution = Mapping[Cell, Number]
"""What one person adds: one number to each cell the person belongs to."""

EMPTY: Spread = {}


class Tally:
    """Holds, per cell, how many persons give which number; its size follows the cells, not the persons."""

    def __init__(self) -> None:
        self._cells: dict[Cell, dict[Number, int]] = {}

    def add(self, contribution: Contribution) -> None:
        """Count a person in."""
        for cell, number in contribution.items():
            spread = self._cells.setdefault(cell, {})
            spread[number] = spread.get(number, 0) + 1

    def remove(self, contribution: Contribution) -> None:
        """Take out a person who was counted in; KeyError if nobody like that was."""
        for cell, number in contribution.items():
            spread = self._cells[cell]
            if spread[number] == 1:
                del spread[number]
            else:
                spread[number] -= 1
            if not spread:
                del self._cells[cell]

    def spread(self, cell: Cell) -> Spread:
        """Give the persons of one cell by number."""
        return self._cells.get(cell, EMPTY)

    def cells(self) -> Iterator[tuple[Cell, Spread]]:
        """Give every cell that holds anybody, in a fixed order."""
        return iter(sorted(self._cells.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and self._cells == other._cells

    __hash__ = None  # type: ignore[assignment]  # it changes
