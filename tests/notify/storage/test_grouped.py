"""Calls that wait for each other: each gets its own answer, and its own failure."""

import asyncio
from collections.abc import Sequence

import pytest
from pymongo.errors import AutoReconnect

from services.notify.storage.grouped import MOST_AT_ONCE, Grouped

pytestmark = pytest.mark.anyio


async def test_calls_during_one_call_go_together_and_each_gets_its_own_answer() -> None:
    sizes: list[int] = []

    async def doubled(some: Sequence[int]) -> list[int]:
        sizes.append(len(some))
        await asyncio.sleep(0.01)
        return [2 * one for one in some]

    grouped = Grouped(doubled)
    first = asyncio.create_task(grouped(0))
    await asyncio.sleep(0.005)
    rest = await asyncio.gather(*(grouped(n) for n in range(1, 300)))

    assert [await first, *rest] == [2 * n for n in range(300)]
    assert sizes == [1, MOST_AT_ONCE, 299 - MOST_AT_ONCE]


async def test_the_databases_failure_reaches_all_who_went_together_and_nobody_after() -> None:
    failures = [True, False]

    async def failing(some: Sequence[int]) -> Sequence[int]:
        await asyncio.sleep(0)
        if failures.pop(0):
            raise AutoReconnect
        return some

    grouped = Grouped(failing)
    results = await asyncio.gather(*(grouped(n) for n in range(5)), return_exceptions=True)

    assert all(isinstance(result, AutoReconnect) for result in results)
    assert await grouped(7) == 7


async def test_what_cannot_be_done_for_one_is_done_for_the_others() -> None:
    async def halved(some: Sequence[int]) -> list[int]:
        await asyncio.sleep(0)
        return [100 // one for one in some]

    grouped = Grouped(halved)
    results = await asyncio.gather(*(grouped(n) for n in (1, 0, 4)), return_exceptions=True)

    assert results[0::2] == [100, 25]
    assert isinstance(results[1], ZeroDivisionError)


async def test_who_does_not_wait_any_more_disturbs_nobody() -> None:
    async def slow(some: Sequence[int]) -> Sequence[int]:
        await asyncio.sleep(0.02)
        return some

    grouped = Grouped(slow)
    leaving, staying = asyncio.create_task(grouped(1)), asyncio.create_task(grouped(2))
    await asyncio.sleep(0.005)
    leaving.cancel()

    assert await staying == 2
