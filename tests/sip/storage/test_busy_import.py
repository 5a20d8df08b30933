"""An import into a store that is busy asks for less at a time, and in the end says where to go on."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from services.chassis.outcome import Told
from services.sip.domain.errors import StoreBusy
from services.sip.storage.mongo_imports import MongoImports
from services.sip.storage.mongo_records import MongoRecords
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.import_encounters import Sent, import_encounters
from services.sip.use_cases.import_ports import Counts, ImportProgress
from services.sip.use_cases.ports import Asking, Store
from services.sip.use_cases.store_part import Importing
from tests.sip.storage.conftest import NOW, NURSE, Keeper

pytestmark = pytest.mark.anyio
LINES = 20


class Narrow(MongoRecords):
    """A store that has time for so many persons at a time and no more."""

    most = 6

    async def writing(self, persons: Sequence[str], *given: Any, **named: Any) -> Any:
        if len(persons) > self.most:
            raise StoreBusy(Told("transient", "Too much at a time."))
        return await super().writing(persons, *given, **named)


async def imported(keeper: Keeper, most: int) -> ImportProgress:
    persons = await keeper.write(*({"resourceType": "Patient"} for _ in range(LINES)))
    records = Narrow(keeper.db.client, keeper.db, deadline=20)
    records.most = most
    importing = Importing(
        "busy", "SE-K-unit", Asking(NURSE, NOW), Store(records, keeper.store.log), MongoImports(keeper.db),
        keeper.policy, lambda: NOW, patience=(0.01, 0.01, 0.01),
    )  # fmt: skip

    async def lines() -> AsyncIterator[Sent]:
        for number, person in enumerate(persons, 1):
            encounter = {
                "resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"},
                "identifier": [{"system": "s", "value": str(number)}], "subject": {"reference": person},
            }  # fmt: skip
            yield Sent(
                number, Draft("Encounter", encounter, encounter, where=f"Encounter[{number}]"), bytes=100
            )

    return await import_encounters(lines(), importing)


async def test_it_asks_for_less_until_the_store_has_time(keeper: Keeper) -> None:
    came = await imported(keeper, most=6)

    assert (came.lines, came.counts) == (LINES, Counts(created=LINES))
    assert await keeper.db.records.count_documents({"type": "Encounter"}) == LINES


async def test_where_the_store_never_has_time_nothing_is_noted_as_done(keeper: Keeper) -> None:
    with pytest.raises(StoreBusy):
        await imported(keeper, most=0)

    came = await MongoImports(keeper.db).progress("SE-K-unit", "busy")
    assert came is not None
    assert (came.lines, came.ended) == (0, False)
