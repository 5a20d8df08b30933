"""Entry of `samplan tour`: hands in the environment and the clock."""

import os
from datetime import UTC, datetime

from services.demo.demo_directory import demo_directory
from services.demo.stdout_console import stdout_console
from services.demo.tour.run_tour import run_tour


def tour() -> int:
    """Walk the tour; give the exit code, 0 only when every step held."""
    held = run_tour(demo_directory(os.environ), stdout_console(), lambda: datetime.now(UTC))
    return 0 if held else 1
