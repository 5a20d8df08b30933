"""What a person sees while the county loads."""

import io

from rich.console import Console

from services.demo.county.progress import shown


def test_off_a_terminal_each_tenth_is_a_line() -> None:
    out = io.StringIO()
    with shown(100, Console(file=out, width=120)) as progress:
        for _ in range(20):
            progress(5, "visits")

    lines = out.getvalue().splitlines()
    assert len(lines) == 10
    assert lines[-1] == "Settling the county: 100 of 100 resources (visits)"


def test_on_a_terminal_it_is_a_bar_that_leaves_nothing_behind() -> None:
    out = io.StringIO()
    with shown(10, Console(file=out, force_terminal=True, width=120)) as progress:
        progress(10, "visits")

    assert "Settling the county" in out.getvalue()
