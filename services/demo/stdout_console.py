"""The console that the demo's commands print on."""

from typing import Final

from rich.console import Console

PLAIN_WIDTH: Final = 110


def stdout_console() -> Console:
    """Give a console on stdout; where that is no terminal it is plain, and wide enough for our tables."""
    console = Console()
    return console if console.is_terminal else Console(width=PLAIN_WIDTH)
