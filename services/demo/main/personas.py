"""Entry of `samplan personas`."""

from services.demo.personas_table import personas_table
from services.demo.stdout_console import stdout_console


def personas() -> None:
    """Print who the personas are."""
    stdout_console().print(personas_table())
