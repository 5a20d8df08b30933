"""Taking events: whatever stops it halfway, repeating makes it whole."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from services.notify.domain.delivery import Delivery
from services.notify.domain.record_event import RecordEvent
from services.notify.domain.subscription import Subscription
from services.notify.domain.ways import Ways
from services.notify.use_cases.accept_events import Intake, accept_events
from tests.notify.domain.made import NOW, held, record_event

pytestmark = pytest.mark.anyio
BATCH = [record_event(id=f"e{n}", seq=n) for n in range(3)]
STEPS = ("keep", "wanting", "add", "wake", "mark_addressed")


class Killed(Exception):
    """The process ends here."""


class Remembers:
    """Every store in one, in memory; dies once at a step, before or after having done it."""

    def __init__(self, dies_at: str = "", *, after: bool = False) -> None:
        self.dies_at, self.after = dies_at, after
        self.addressed: dict[str, bool] = {}
        self.rows: dict[str, Delivery] = {}
        self.awake: set[str] = set()
        self.counted: dict[str, int] = {}

    def step(self, name: str, *, done: bool) -> None:
        if self.dies_at == name and self.after == done:
            self.dies_at = ""
            raise Killed

    async def keep(self, batch: Sequence[RecordEvent], _now: datetime) -> list[RecordEvent]:
        self.step("keep", done=False)
        for event in batch:
            self.addressed.setdefault(event.key, False)
        self.step("keep", done=True)
        return [event for event in batch if not self.addressed[event.key]]

    async def wanting(self, _batch: Sequence[RecordEvent]) -> list[Subscription]:
        self.step("wanting", done=False)
        return [held()]

    async def of_units(self, _units: Collection[str]) -> Mapping[str, Ways]:
        return {}

    async def add(self, rows: Sequence[Delivery]) -> None:
        self.step("add", done=False)
        for number, row in enumerate(rows):
            if number == 2:
                self.step("add", done=True)  # in the middle
            self.rows.setdefault(row.id, row)

    async def wake(self, rows: Sequence[Delivery]) -> None:
        self.step("wake", done=False)
        assert {row.id for row in rows} <= set(self.rows)  # what a lane is opened for is there
        self.awake |= {row.lane for row in rows}
        self.step("wake", done=True)

    async def mark_addressed(self, batch: Sequence[RecordEvent]) -> None:
        self.step("mark_addressed", done=False)
        for event in batch:
            self.addressed[event.key] = True
        self.step("mark_addressed", done=True)

    def event(self, result: str, count: int = 1) -> None:
        self.counted[result] = self.counted.get(result, 0) + count


def intake(stores: Any) -> Intake:
    return Intake(stores, stores, stores, stores, stores, stores)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
async def test_killed_at_any_step_and_told_again_everything_is_addressed_once(step: str, after: bool) -> None:  # noqa: FBT001
    stores = Remembers(step, after=after)
    for _ in range(3):
        try:
            await accept_events(BATCH, intake(stores), NOW)
        except Killed:
            continue

    assert len(stores.rows) == 6
    assert stores.awake == {row.lane for row in stores.rows.values()}
    assert all(stores.addressed.values())


async def test_told_twice_it_is_counted_once() -> None:
    stores = Remembers()
    for _ in range(2):
        await accept_events(BATCH, intake(stores), NOW)

    assert stores.counted == {"accepted": 3, "repeated": 3}


async def test_events_of_one_commit_keep_the_order_in_which_they_came() -> None:
    stores = Remembers()
    together = [record_event(id=name, seq=7) for name in ("z", "m", "a")]
    await accept_events(together, intake(stores), NOW)

    in_order = sorted(stores.rows.values(), key=lambda row: (row.event.seq, row.arrived))
    assert [row.event.id for row in in_order if row.owner.client_id] == ["z", "m", "a"]
