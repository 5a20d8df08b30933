"""A stream of bytes as numbered lines, of which no more than one is ever held, and never one beyond the limit."""

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end, counted from 1; `raw` is None when it was longer than what is read."""

    number: int
    raw: bytes | None


async def lines_of(pieces: AsyncIterable[bytes], most: int, first: int = 1) -> AsyncIterator[Line]:
    """Cut a stream at its line feeds; a carriage return before one belongs to the end of the line.

    A line of more than `most` bytes is passed over without being kept. What follows the last line feed is a line too.
    """
    number, held, too_long = first, bytearray(), False
    async for piece in pieces:
        *ended, rest = piece.split(b"\n")
        for part in ended:
            too_long = too_long or len(held) + len(part) > most + 1
            yield Line(number, None if too_long else _without_return(bytes(held) + part, most))
            number, too_long = number + 1, False
            held.clear()
        too_long = too_long or len(held) + len(rest) > most + 1
        if too_long:
            held.clear()
        else:
            held += rest
    if held or too_long:
        yield Line(number, None if too_long else _without_return(bytes(held), most))


def _without_return(line: bytes, most: int) -> bytes | None:
    line = line.removesuffix(b"\r")
    return line if len(line) <= most else None
