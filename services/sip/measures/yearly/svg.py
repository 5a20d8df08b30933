"""Small pieces of SVG: marks, text, axes; every picture says in words what it shows."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise
from typing import Final

INK: Final = "#1b2530"
SOFT: Final = "#5a6775"
RULE: Final = "#d5dbe1"
ACCENT: Final = "#0b5e75"
WARM: Final = "#b4480f"
SERIES: Final = ("#0b5e75", "#b4480f", "#5b3f8c", "#2f6b2f")
"""Colours that stand apart in print and for who sees colours otherwise; lines differ by dash as well."""
DASHES: Final = ("7 3", "2 3", "9 3 2 3", "12 4")
MUTED: Final = "#a9b4be"


Spot = tuple[float, float]


def number(value: float, decimals: int = 1) -> str:
    """Write a coordinate."""
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".") or "0"


def swedish(value: float, decimals: int = 0) -> str:
    """Write a number as Swedish readers do: a comma, and thin spaces between thousands."""
    return f"{value:,.{decimals}f}".replace(",", "\u202f").replace(".", ",")


def percent(share: float) -> str:
    """Write a share as whole per cent."""
    return f"{swedish(100 * share)}\u00a0%"


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """Write words at a point."""
    style = f' class="{kind}"' if kind else ""
    return f'<text x="{number(x)}" y="{number(y)}" text-anchor="{anchor}"{style}>{escape(words)}</text>'


def line(start: Spot, end: Spot, colour: str = RULE, more: str = "") -> str:
    """Draw a straight line."""
    ends = " ".join(
        f'x{at}="{number(x)}" y{at}="{number(y)}"' for at, (x, y) in enumerate((start, end), start=1)
    )
    return f'<line {ends} stroke="{colour}"{more}/>'


def path(points: Iterable[tuple[float, float]], colour: str, more: str = "") -> str:
    """Draw a line through points."""
    steps = "L".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<path d="M{steps}" fill="none" stroke="{colour}"{more}/>'


def dot(x: float, y: float, colour: str = ACCENT, radius: float = 4, words: str = "") -> str:
    """Draw a dot; words are told when it is pointed at, and read aloud."""
    told = f"<title>{escape(words)}</title>" if words else ""
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{colour}">{told}</circle>'


def bar(corner: Spot, size: Spot, colour: str = ACCENT, words: str = "") -> str:
    """Draw a bar."""
    told = f"<title>{escape(words)}</title>" if words else ""
    (x, y), (width, height) = corner, size
    place = f'x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}" height="{number(height)}"'
    return f'<rect {place} rx="1.5" fill="{colour}">{told}</rect>'


def picture(id: str, size: tuple[int, int], title: str, told: str, marks: Sequence[str]) -> str:
    """Put a picture together; title and description are for those who hear it instead."""
    width, height = size
    return (
        f'<svg class="plot" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{id}-title {id}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{id}-title">{escape(title)}</title><desc id="{id}-desc">{escape(told)}</desc>'
        f"{''.join(marks)}</svg>"
    )


def apart(wanted: Sequence[float], least: float) -> list[float]:
    """Push labels apart so that none covers another, each as near its place as the others let it."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = list(wanted)
    for before, index in pairwise(order):
        placed[index] = max(placed[index], placed[before] + least)
    shift = sum(place - want for place, want in zip(placed, wanted, strict=True)) / max(len(wanted), 1)
    return [place - shift for place in placed]
