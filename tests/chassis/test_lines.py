"""A stream cut into lines: whatever the pieces, the lines are the same, and none is held beyond the limit."""

from collections.abc import AsyncIterator, Sequence

import anyio
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.lines import Line, lines_of

LIMIT = 8


def cut(pieces: Sequence[bytes], first: int = 1) -> list[Line]:
    async def stream() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    async def collected() -> list[Line]:
        return [line async for line in lines_of(stream(), LIMIT, first)]

    return anyio.run(collected)


def expected(whole: bytes) -> list[Line]:
    ended = whole.split(b"\n")
    if ended[-1] == b"":
        ended.pop()
    bare = [one.removesuffix(b"\r") for one in ended]
    return [Line(number, one if len(one) <= LIMIT else None) for number, one in enumerate(bare, 1)]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text("ab\r\n", max_size=14).map(str.encode), max_size=8))
def test_the_lines_do_not_depend_on_how_the_stream_comes(pieces: list[bytes]) -> None:
    assert cut(pieces) == expected(b"".join(pieces))


def test_a_line_beyond_the_limit_is_passed_over_and_the_next_is_read() -> None:
    assert cut([b"abc\n", *[b"x" * 5] * 9, b"\nd"]) == [Line(1, b"abc"), Line(2, None), Line(3, b"d")]


def test_counting_goes_on_where_an_earlier_body_ended() -> None:
    assert cut([b"a\nb\n"], first=41) == [Line(41, b"a"), Line(42, b"b")]
