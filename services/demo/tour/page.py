"""What the tour prints: each step, what was sent, what came back, and what that proves."""

import json
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from rich.console import Console
from rich.text import Text

MOST_OF_BODY: Final = 230  # characters; the whole body is in the documentation of each address
INDENT: Final = "     "


class NotProven(Exception):
    """A step of the tour did not hold; the text says what was expected and what came."""


class Page:
    """Prints the tour; the same in a terminal and in a file, where there is no colour."""

    def __init__(self, console: Console) -> None:
        """Take where to print."""
        self._console = console
        self.steps = 0

    def title(self, text: str) -> None:
        """Head the tour."""
        self._say(Text(text, style="bold"))

    def step(self, text: str, who: str) -> None:
        """Begin a step: what is done, and by whom through which door."""
        self.steps += 1
        self._say(Text())
        heading = Text(f"{self.steps:>3}  {text}", style="bold")
        self._say(heading.append(f"   [{who}]", style="cyan not bold"))

    def sent(self, method: str, url: str, body: object = None, note: str = "") -> None:
        """Tell what is sent: method, address, and the beginning of the body."""
        address = urlsplit(url)
        line = Text(f"{INDENT}→ ", style="dim").append(f"{method} ", style="not dim bold")
        line.append(f"{address.netloc}{address.path}", style="not dim")
        line.append(f"?{address.query}" if address.query else "", style="not dim")
        self._say(line.append(f"  {note}" if note else "", style="yellow not dim"))
        if body is not None:
            self._say(Text(f"{INDENT}  {short(body)}", style="dim"))

    def got(self, status: int, note: str = "") -> None:
        """Tell the answer's status."""
        style = "green" if status < 400 else "yellow"
        line = Text(f"{INDENT}← ", style="dim").append(
            f"{status} {_phrase(status)}", style=f"{style} not dim"
        )
        self._say(line.append(f"  {note}" if note else "", style="dim"))

    def proof(self, text: str) -> None:
        """Tell what is proven."""
        self._say(Text(f"{INDENT}✓ ", style="bold green").append(text, style="default not bold"))

    def failed(self, text: str) -> None:
        """Tell what was not."""
        self._say(Text(f"{INDENT}✗ {text}", style="bold red"))

    def waiting(self, text: str) -> None:
        """Tell that something is waited for."""
        self._say(Text(f"{INDENT}… {text}", style="yellow"))

    def end(self, text: str, *, held: bool) -> None:
        """Close the tour."""
        self._say(Text())
        self._say(Text(text, style="bold green" if held else "bold red"))

    def _say(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True, highlight=False)


def short(body: object) -> str:
    """Write a body in one line, cut where it becomes long."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, separators=(", ", ": "))
    text = " ".join(text.split())
    return text if len(text) <= MOST_OF_BODY else f"{text[:MOST_OF_BODY]} …"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def require(holds: Any, otherwise: str) -> None:
    """Raise NotProven unless something holds."""
    if not holds:
        raise NotProven(otherwise)
