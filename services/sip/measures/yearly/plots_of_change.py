"""The report's pictures of change and chance: the year month by month, and units against what could be expected."""

from collections.abc import Sequence
from math import ceil, floor, sqrt
from typing import Final

from services.sip.measures.yearly.plots import WIDTH, Point, Scale, Words, told
from services.sip.measures.yearly.svg import (
    ACCENT,
    DASHES,
    INK,
    MUTED,
    SERIES,
    SOFT,
    WARM,
    apart,
    dot,
    line,
    path,
    picture,
    swedish,
    text,
)

MONTHS: Final = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
LIMITS: Final = ((1.96, "95 %"), (3.09, "99,8 %"))
"""The limits that chance alone would keep within, for one unit in twenty and in five hundred."""
TELLABLE: Final = 4
"""More lines than these no eye follows by colour: the others are grey, and the highest and lowest are named."""
Line = tuple[str, Sequence[Point]]
Spots = list[tuple[float, float, float]]


def trend(words: Words, lines: Sequence[Line]) -> str:
    """Follow places through the months of the year, the county first; a month that is not shown has no dot."""
    height, bottom, left, right = 300, 256, 56, WIDTH - 190
    known = [value for _, points in lines for _, value in points if value is not None]
    across, up = Scale(0, 11, left, right), _rounded(known, bottom, 20)
    marks = _grid(words, up, (left, right))
    marks += [text(across.at(i), bottom + 24, name, "small soft", "middle") for i, name in enumerate(MONTHS)]
    drawn = [(name, _spots(points, across, up)) for name, points in lines]
    county, *others = drawn or [("", [])]
    ends = sorted((spots[-1][2], name) for name, spots in others if spots)
    named = {name for _, name in (ends if len(others) <= TELLABLE else [*ends[:1], *ends[-1:]])}
    labels: list[tuple[str, float, float, str]] = []
    for number, (name, spots) in enumerate([*others, county]):
        if spots:
            colour, style = _look(number, len(others), bold=name == county[0])
            marks.append(path([(x, y) for x, y, _ in spots], colour, style))
            marks += [dot(x, y, colour, 2.6, f"{name}: {words.value(value)}") for x, y, value in spots]
            if name in named or name == county[0]:
                labels.append((f"{name} {words.value(spots[-1][2])}", *spots[-1][:2], colour))
    for (label, x, y, colour), place in zip(labels, apart([one[2] for one in labels], 15), strict=True):
        marks.append(line((x + 4, y), (right + 14, place), colour, ' stroke-width="0.7"'))
        marks.append(text(right + 18, place + 4, label, "small"))
    said = " ".join(told(words, [(f"{name} {at}", value) for at, value in points]) for name, points in lines)
    return picture(words.id, (WIDTH, height), words.title, said, marks)


def _spots(points: Sequence[Point], across: Scale, up: Scale) -> Spots:
    return [
        (across.at(int(month[5:]) - 1), up.at(value), value) for month, value in points if value is not None
    ]


def _look(number: int, others: int, *, bold: bool) -> tuple[str, str]:
    if bold:
        return INK, ' stroke-width="2.6" stroke-linejoin="round"'
    if others > TELLABLE:
        return MUTED, ' stroke-width="1.2" stroke-linejoin="round"'
    return SERIES[number], f' stroke-width="1.8" stroke-dasharray="{DASHES[number]}" stroke-linejoin="round"'


def _rounded(values: Sequence[float], start: float, end: float) -> Scale:
    """Take a scale a little wider than the values, in steps of five hundredths, and never outside 0 to 1."""
    low = floor(min(values, default=0) * 20 - 0.6) / 20
    high = ceil(max(values, default=1) * 20 + 0.6) / 20
    return Scale(max(0, low), min(1, high), start, end)


def _grid(words: Words, up: Scale, across: tuple[float, float]) -> list[str]:
    left, right = across
    steps = 4
    values = [up.low + (up.high - up.low) * step / steps for step in range(steps + 1)]
    return [
        mark
        for value in values
        for mark in (
            line((left, up.at(value)), (right, up.at(value))),
            text(left - 10, up.at(value) + 4, words.value(value), "small soft", "end"),
        )
    ]


def funnel(words: Words, units: Sequence[tuple[str, int, float]], expected: float, spread: float) -> str:
    """Set units against what could be expected of them: few persons, wide limits; outside is more than chance."""
    height, bottom, left, right = 360, 300, 60, WIDTH - 150
    most = max(persons for _, persons, _ in units) * 1.1
    least = min(20.0, most / 2)
    reach = spread * LIMITS[1][0] / sqrt(max(least, min(persons for _, persons, _ in units) * 0.6))
    values = [value for _, _, value in units]
    across = Scale(0, most, left, right)
    up = _rounded([max(0, expected - reach), min(1, expected + reach), *values], bottom, 24)
    marks = _grid(words, up, (left, right))
    marks.append(line((left, up.at(expected)), (right, up.at(expected)), INK, ' stroke-width="1.5"'))
    marks.append(text(right + 8, up.at(expected) + 4, f"länets medel {words.value(expected)}", "small"))
    for index, (width, name) in enumerate(LIMITS):
        marks.append(_limits(across, up, (expected, spread * width, most), index))
        edge = min(up.high, expected + spread * width / sqrt(most))
        marks.append(text(right + 8, up.at(edge) - 2 - 9 * index, name, "small soft"))
    marks += _units(words, units, (across, up), (expected, spread))
    marks += [
        text(across.at(step * most / 4), bottom + 20, swedish(step * most / 4), "small soft", "middle")
        for step in range(1, 5)
    ]
    marks.append(text((left + right) / 2, bottom + 44, "antal personer i måttet", "small soft", "middle"))
    said = told(words, [(name, value) for name, _, value in units])
    said += f" Länets medel {words.value(expected)}."
    return picture(words.id, (WIDTH, height), words.title, said, marks)


def _units(
    words: Words,
    units: Sequence[tuple[str, int, float]],
    scales: tuple[Scale, Scale],
    around: tuple[float, float],
) -> list[str]:
    (across, up), (expected, spread) = scales, around
    marks: list[str] = []
    places = apart([up.at(value) - 12 for _, _, value in units], 14)
    for (name, persons, value), place in zip(units, places, strict=True):
        outside = abs(value - expected) > LIMITS[0][0] * spread / sqrt(persons)
        colour = WARM if outside else ACCENT
        spot = (across.at(persons), up.at(value))
        said = f"{name}: {words.value(value)}, omkring {persons} personer"
        marks.append(line(spot, (spot[0] - 8, place), colour, ' stroke-width="0.7"'))
        marks.append(dot(*spot, colour, 5.5, said))
        marks.append(text(spot[0] - 11, place + 3, name, "small halo", "end"))
    return marks


def _limits(across: Scale, up: Scale, around: tuple[float, float, float], index: int) -> str:
    expected, width, most = around
    least = min(20.0, most / 2)
    counts = [least + (most - least) * step / 60 for step in range(61)]
    style = f' stroke-width="1" stroke-dasharray="{("5 4", "2 3")[index]}"'
    return "".join(
        path(
            [
                (across.at(count), up.at(min(up.high, max(up.low, expected + sign * width / sqrt(count)))))
                for count in counts
            ],
            SOFT,
            style,
        )
        for sign in (1, -1)
    )
