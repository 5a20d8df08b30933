"""The report's pictures of places and kinds: comparisons, distributions, two numbers side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from services.sip.measures.yearly.svg import (
    ACCENT,
    INK,
    RULE,
    SOFT,
    WARM,
    bar,
    dot,
    line,
    percent,
    picture,
    text,
)

WIDTH: Final = 720
ROW: Final = 26
LEFT: Final = 190
LETTER: Final = 7.2
"""About how wide a letter of a label is."""
TOO_FEW: Final = "för få personer för att visas"
Word = Callable[[float], str]
Point = tuple[str, float | None]


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places in a picture."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Give the place of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Words:
    """What a picture is called, and how its values are written."""

    id: str
    title: str
    value: Word = percent

    def of(self, value: float | None) -> str:
        """Write a value, or that it is not shown."""
        return "visas inte" if value is None else self.value(value)


def told(words: Words, rows: Sequence[Point], aim: tuple[float, str] | None = None) -> str:
    """Say in words what a picture shows."""
    said = [f"{name} {words.of(value)}" for name, value in rows]
    return "; ".join([*said, *([f"{aim[1]} {words.value(aim[0])}"] if aim else [])]) + "."


def comparison(words: Words, rows: Sequence[Point], high: float, aim: tuple[float, str] | None = None) -> str:
    """Compare places by bars on one scale; a place of too few people says so."""
    top = 34 if aim else 8
    left = max(LEFT, 16 + LETTER * max((len(name) for name, _ in rows), default=0))
    scale, height = Scale(0, high, left, WIDTH - 70), top + ROW * len(rows) + 12
    marks: list[str] = []
    for index, (name, value) in enumerate(rows):
        y = top + ROW * index
        marks.append(text(left - 12, y + 15, name, "", "end"))
        if value is None:
            marks.append(text(left, y + 15, TOO_FEW, "small soft"))
            continue
        size = (scale.at(value) - left, ROW - 10)
        marks.append(bar((left, y + 3), size, words=f"{name}: {words.value(value)}"))
        marks.append(text(scale.at(value) + 8, y + 15, words.value(value), "strong"))
    if aim:
        x = scale.at(aim[0])
        style = ' stroke-width="1.5" stroke-dasharray="4 3"'
        marks.insert(0, line((x, top - 8), (x, height - 8), WARM, style))
        marks.append(text(x, top - 14, aim[1], "small warm", "middle"))
    return picture(words.id, (WIDTH, height), words.title, told(words, rows, aim), marks)


def distribution(words: Words, rows: Sequence[Point]) -> str:
    """Show how many there are of each; what is absent is fewer than five."""
    height, base, step = 250, 210, (WIDTH - 60) / max(len(rows), 1)
    high = max((value for _, value in rows if value is not None), default=1)
    scale = Scale(0, high, base, 36)
    marks = [line((30, base), (WIDTH - 30, base), INK)]
    for index, (name, value) in enumerate(rows):
        x = 30 + step * index
        marks.append(text(x + step / 2, base + 22, name, "", "middle"))
        if value is None:
            marks.append(text(x + step / 2, base - 8, "färre än 5", "small soft", "middle"))
            continue
        corner, size = (x + step * 0.18, scale.at(value)), (step * 0.64, base - scale.at(value))
        marks.append(bar(corner, size, words=f"{name}: {words.value(value)}"))
        marks.append(text(x + step / 2, scale.at(value) - 8, words.value(value), "strong", "middle"))
    return picture(words.id, (WIDTH, height), words.title, told(words, rows), marks)


Pair = tuple[str, float | None, float | None]


def paired(words: Words, rows: Sequence[Pair], sides: tuple[str, str]) -> str:
    """Set two numbers of each place side by side on one scale: the computed and the experienced."""
    top = 44
    scale, height = Scale(0, 1, LEFT, WIDTH - 70), top + (ROW + 6) * len(rows) + 4
    marks = [dot(LEFT + 6, 14, ACCENT, 5), text(LEFT + 18, 18, sides[0], "small")]
    marks += [dot(LEFT + 216, 14, WARM, 5), text(LEFT + 228, 18, sides[1], "small")]
    for index, (name, *values) in enumerate(rows):
        y = top + (ROW + 6) * index + 8
        marks += [text(LEFT - 12, y + 4, name, "", "end"), line((LEFT, y), (WIDTH - 70, y), RULE)]
        marks += _pair(words, scale, y, (name, values, sides))
    said = "; ".join(
        f"{name}: {sides[0]} {words.of(computed)}, {sides[1]} {words.of(reported)}"
        for name, computed, reported in rows
    )
    return picture(words.id, (WIDTH, height), words.title, said + ".", marks)


def _pair(
    words: Words, scale: Scale, y: float, row: tuple[str, list[float | None], tuple[str, str]]
) -> list[str]:
    name, values, sides = row
    known = [value for value in values if value is not None]
    marks: list[str] = []
    if len(known) == 2:
        marks.append(line((scale.at(known[0]), y), (scale.at(known[1]), y), SOFT, ' stroke-width="2"'))
    for value, colour, side in zip(values, (ACCENT, WARM), sides, strict=True):
        if value is not None:
            marks.append(dot(scale.at(value), y, colour, 5, f"{name}, {side}: {words.value(value)}"))
            marks.append(text(scale.at(value), y - 9, words.value(value), "small", "middle"))
    return marks if known else [text(LEFT, y + 4, TOO_FEW, "small soft halo")]
