"""What the demo says at the terminal; the same words without colour when it speaks into a file."""

import contextlib
import time
from pathlib import Path
from typing import Final

from rich.console import Console

from services.demo.addresses import Addresses
from services.demo.county.progress import shown
from services.demo.fill_county import Shown
from services.demo.stdout_console import stdout_console


class Spoken:
    """Speaks to the person who started the demo, and goes on in silence when nobody listens any more."""

    def __init__(self, console: Console | None = None) -> None:
        """Take a console; by default that of stdout."""
        self._console = console or stdout_console()
        self._started = time.monotonic()

    def line(self, text: str = "", style: str | None = None) -> None:
        """Say one line."""
        with contextlib.suppress(OSError):  # the terminal is closed, or the pipe's reader has gone
            self._console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    def begin(self, folder: Path) -> None:
        """Say what is starting and where it keeps its things."""
        self._started = time.monotonic()
        self.line(f"Samplan demo; it keeps its data and logs in {folder}")

    def up(self, name: str, address: str) -> None:
        """Say that one process is up."""
        self.line(f"  {name:<22}{address:<32}{time.monotonic() - self._started:5.1f} s")

    def loading(self, total: int) -> Shown:
        """Show how many of the county's resources are stored."""
        return shown(total, self._console)

    def ready(self, addresses: Addresses) -> None:
        """Tell where everything is and what to do next; the last line is what scripts wait for."""
        self.line()
        for name, path, what in OVERVIEW:
            self.line(f"  {addresses.url(name) + path:<48}{what}")
        self.line()
        for command, what in NEXT_STEPS:
            self.line(f"  {command:<48}{what}")
        self.line()
        spent = time.monotonic() - self._started
        # Without colour: scripts look for a line that begins with these words.
        self.line(f"Samplan is ready after {spent:.0f} s at {addresses.public_base} (Ctrl-C stops it)")


OVERVIEW: Final = (
    ("sip api", "/fhir", "FHIR R4, for the EHR; /fhir/metadata says what it can do"),
    ("sip api", "/docs", "plain JSON at /api/v1, for a municipal system"),
    ("notify api", "/docs", "subscriptions and the organisation inbox"),
    ("sip measures", "/metrics", "business figures, small groups suppressed"),
    ("authorization server", "/token", "access tokens"),
)
NEXT_STEPS: Final = (
    (".venv/bin/samplan tour", "walk one real case through all of it"),
    (".venv/bin/samplan personas", "who you can be"),
    (".venv/bin/samplan token region-gp", "a token to try things with"),
)
