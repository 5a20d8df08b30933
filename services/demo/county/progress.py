"""Shows how far the loading has come: a bar on a terminal, a line for each tenth elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from services.demo.county.loader import Progress

TENTHS = 10


@contextmanager
def shown(total: int, console: Console) -> Iterator[Progress]:
    """Give what the loader reports to; `total` is the number of entries in all loads."""
    if not console.is_terminal:
        yield _lines(total, console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Settling the county", total=total)

        def advance(entries: int, label: str) -> None:
            bar.update(task, advance=entries, description=f"Settling the county: {label:<46.46}")

        yield advance


def _lines(total: int, console: Console) -> Progress:
    stored, told = 0, 0

    def advance(entries: int, label: str) -> None:
        nonlocal stored, told
        stored += entries
        if (tenth := stored * TENTHS // total) > told:
            told = tenth
            console.print(f"Settling the county: {stored} of {total} resources ({label})")

    return advance
