"""Lets calls that come while the database is at work wait for each other, and go as one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from pymongo.errors import PyMongoError

MOST_AT_ONCE: Final = 200

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


class Grouped(Generic[Asked, Answered]):
    """Turns many calls for one thing into few calls for many; each still answers after its own is done.

    A call that comes alone goes at once. When the database fails, it fails for all that went together, and each
    may try again; what fails for any other reason (a document that cannot be read) is one's own, and is done
    singly, so that it fails for that one alone.
    """

    def __init__(self, together: Callable[[Sequence[Asked]], Awaitable[Sequence[Answered]]]) -> None:
        """Take what does many at once, answering in the same order."""
        self._together = together
        self._waiting: list[tuple[Asked, asyncio.Future[Answered]]] = []
        self._under_way: asyncio.Task[None] | None = None

    async def __call__(self, asked: Asked) -> Answered:
        """Ask for one."""
        answer: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._under_way is None:
            self._under_way = asyncio.create_task(self._work_off())
        return await answer

    async def _work_off(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            try:
                await self._answer(group)
            except PyMongoError as failure:
                _fail(group, failure)
            except Exception:  # noqa: BLE001 - each who waits is told, singly
                await self._one_by_one(group)
        self._under_way = None

    async def _answer(self, group: Sequence[tuple[Asked, "asyncio.Future[Answered]"]]) -> None:
        answers = await self._together([asked for asked, _ in group])
        for (_, waits), answer in zip(group, answers, strict=True):
            if not waits.done():
                waits.set_result(answer)

    async def _one_by_one(self, group: Sequence[tuple[Asked, "asyncio.Future[Answered]"]]) -> None:
        for one in group:
            try:
                await self._answer([one])
            except Exception as failure:  # noqa: BLE001 - whoever waits is told
                _fail([one], failure)


def _fail(group: Sequence[tuple[Any, "asyncio.Future[Any]"]], failure: Exception) -> None:
    for _, waits in group:
        if not waits.done():
            waits.set_exception(failure)
