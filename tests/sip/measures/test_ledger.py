"""The sums kept up step by step are those of counting everybody anew, whatever happened in whatever order."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import orjson
import pytest
from anyio.lowlevel import checkpoint
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.sip.measures.compute import compute_figures
from services.sip.measures.ledger import Books, HistoryIsLost, Ledger, bring_up_to_date, open_ledger
from services.sip.measures.tally import Tally
from services.sip.storage.connection import Client, Database
from services.sip.storage.mongo_measure_rows import MongoMeasureRows
from services.sip.storage.mongo_measure_source import MongoMeasureSource
from tests.sip.measures.county import (
    Contact,
    Contacted,
    County,
    Person,
    county,
    person_resources,
    role_resources,
    version_of,
    versions,
)
from tests.sip.measures.county_plans import NOW, instant

pytestmark = pytest.mark.anyio
Resource = dict[str, Any]


def books(client: Client, db: Database) -> Books:
    return Books(MongoMeasureSource(client, db), MongoMeasureRows(client, db), checkpoint)


async def anew(client: Client, db: Database, now: datetime) -> Tally:
    return await compute_figures(MongoMeasureSource(client, db), now, checkpoint)


@dataclass
class Happening:
    """A small county in which things happen, written as the record store writes them."""

    client: Client
    db: Database
    chance: random.Random
    now: datetime = NOW
    known: dict[str, tuple[Resource, str | None, int]] = field(default_factory=dict)
    ledger: Ledger | None = None

    async def begin(self) -> None:
        for collection in (self.db.records, self.db.measure_people, self.db.measures):
            await collection.delete_many({})
        made = list(versions(county(self.chance.randrange(10_000), people=5)))
        await self.db.records.insert_many(made)
        for one in made:
            self.known[one["key"]] = (_resource(one), one["patient"], 1)

    def any_of(self, kind: str) -> tuple[Resource, str | None] | None:
        named = sorted(key for key in self.known if key.startswith(f"{kind}/"))
        if not named:
            return None
        resource, patient, _ = self.known[self.chance.choice(named)]
        return dict(resource), patient

    async def write(self, resource: Resource, patient: str | None, *, deleted: bool = False) -> None:
        key = f"{resource['resourceType']}/{resource['id']}"
        version = self.known[key][2] + 1 if key in self.known else 1
        terms = [f"participant>{one['individual']['reference']}" for one in resource.get("participant", ())
                 if "individual" in one]  # fmt: skip
        new = version_of(resource, patient, version, terms=terms)
        if deleted:
            new |= {"deleted": True}
            del new["current"]
        await self.db.records.update_one(
            {"key": key, "current": True}, {"$unset": {"current": "", "terms": ""}}
        )
        await self.db.records.insert_one(new)
        self.known[key] = (resource, patient, version)
        if deleted:
            del self.known[key]

    async def change(self, kind: str, changed: Callable[[Resource], Resource]) -> None:
        if found := self.any_of(kind):
            await self.write(changed(found[0]), found[1])

    async def visit(self) -> None:
        if found := self.any_of("Encounter"):
            await self.write(found[0] | {"id": f"new{len(self.known)}"}, found[1])

    async def move_visit(self) -> None:
        at = self.now - timedelta(hours=self.chance.randrange(-48, 24 * 550))
        await self.change("Encounter", lambda one: one | {"period": {"start": instant(at)}})

    async def cancel(self) -> None:
        await self.change("Encounter", lambda one: one | {"status": "cancelled"})

    async def without_provider(self) -> None:
        await self.change("Encounter", lambda one: {k: v for k, v in one.items() if k != "participant"})

    async def delete(self) -> None:
        if found := self.any_of(self.chance.choice(["Encounter", "CarePlan", "CareTeam"])):
            await self.write(*found, deleted=True)

    async def merge_providers(self) -> None:
        other = f"Practitioner/d{self.chance.randrange(10)}"
        await self.change("PractitionerRole", lambda one: one | {"practitioner": {"reference": other}})

    async def rename_provider(self) -> None:
        await self.change("PractitionerRole", lambda one: one | {"telecom": [{"value": str(self.chance)}]})

    async def new_role(self) -> None:
        role = {"resourceType": "PractitionerRole", "id": f"new{len(self.known)}"}
        await self.write(role | {"practitioner": {"reference": "Practitioner/d1"}}, None)
        met = [{"individual": {"reference": f"PractitionerRole/{role['id']}"}}]
        await self.change("Encounter", lambda one: one | {"participant": met})

    async def end_contact(self) -> None:
        end = instant(self.now + timedelta(hours=self.chance.randrange(-30, 30)))
        await self.change("CareTeam", lambda one: one | {"period": {**one.get("period", {}), "end": end}})

    async def move_house(self) -> None:
        await self.change("Patient", lambda one: {k: v for k, v in one.items() if k != "address"})

    async def die(self) -> None:
        await self.change("Patient", lambda one: one | {"deceasedDateTime": instant(self.now)})

    async def time_passes(self) -> None:
        self.now += timedelta(hours=self.chance.choice([1, 5, 30, 24 * 40, 24 * 200]))

    async def count(self) -> None:
        """Bring the sums up to date and compare."""
        on = books(self.client, self.db)
        self.ledger = self.ledger or await open_ledger(on, self.now)
        await bring_up_to_date(self.ledger, on, self.now)
        assert self.ledger.tally == await anew(self.client, self.db, self.now)

    async def another_leads(self) -> None:
        self.ledger = await open_ledger(books(self.client, self.db), self.now)


def _resource(document: dict[str, Any]) -> Resource:
    return dict(orjson.loads(bytes(document["body"])))


STEPS = (
    "visit", "move_visit", "cancel", "without_provider", "delete", "merge_providers", "rename_provider", "new_role",
    "end_contact", "move_house", "die", "time_passes", "time_passes", "count", "another_leads",
)  # fmt: skip


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(STEPS), min_size=8, max_size=25), st.integers(0, 1000))
async def test_whatever_happened_the_sums_are_those_of_counting_anew(
    client: Client, db: Database, steps: list[str], seed: int
) -> None:
    happening = Happening(client, db, random.Random(seed))
    await happening.begin()
    await happening.count()
    for step in [*steps, "count"]:
        await getattr(happening, step)()


def listed(visits: str) -> Person:
    """Give a person listed at a unit, with a visit there by each of the roles."""
    made = [
        Contacted(
            NOW - timedelta(days=number + 1), "Organization/unit0", f"PractitionerRole/{one}", "finished", "x"
        )
        for number, one in enumerate(visits)
    ]
    contact = Contact("2", NOW - timedelta(days=900), None, "active", "Organization/unit0")
    return Person("p", "2180", contacts=[contact], visits=made)


def mean_coc(ledger: Ledger) -> list[Fraction]:
    return [
        Fraction(n) for cell, spread in ledger.tally.cells() if cell.figure == "coc_index" for n in spread
    ]


async def test_merged_providers_are_one_in_earlier_visits_too_and_renamed_ones_stay_themselves(
    client: Client, db: Database
) -> None:
    happening = Happening(client, db, random.Random(1))
    roles = {f"PractitionerRole/{one}": f"Practitioner/{one}" for one in "ABC"}
    for role in role_resources(County([], roles)):
        await happening.write(role, None)
    for resource in person_resources(listed("ABC")):
        await happening.write(resource, "Patient/p")
    await happening.count()
    assert happening.ledger is not None
    assert mean_coc(happening.ledger) == [0]

    b = {"resourceType": "PractitionerRole", "id": "B", "telecom": [{"value": "new"}]}
    await happening.write(b | {"practitioner": {"reference": "Practitioner/B"}}, None)
    await happening.count()
    assert mean_coc(happening.ledger) == [0]

    await happening.write(b | {"practitioner": {"reference": "Practitioner/A"}}, None)
    await happening.count()
    assert mean_coc(happening.ledger) == [Fraction(1, 3)]


async def test_whose_last_resource_is_deleted_counts_no_longer(client: Client, db: Database) -> None:
    happening = Happening(client, db, random.Random(1))
    await happening.write({"resourceType": "Patient", "id": "p"}, "Patient/p")
    await happening.count()
    assert happening.ledger is not None
    assert list(happening.ledger.tally.cells())

    await happening.write({"resourceType": "Patient", "id": "p"}, "Patient/p", deleted=True)
    await happening.count()

    assert not list(happening.ledger.tally.cells())
    assert await db.measure_people.count_documents({}) == 0


async def test_a_ledger_that_stands_is_not_read_anew(client: Client, db: Database) -> None:
    await db.records.insert_many(versions(county(7, people=40)))
    first = await open_ledger(books(client, db), NOW)
    await db.records.delete_many({})  # whoever read the records now would find nobody

    again = await open_ledger(books(client, db), NOW)

    assert again.tally == first.tally
    assert len(list(again.tally.cells())) > 20


async def test_what_was_removed_by_hand_makes_all_be_read_anew(client: Client, db: Database) -> None:
    await db.records.insert_many(versions(county(7, people=40)))
    ledger = await open_ledger(books(client, db), NOW)
    await db.records.delete_one({"type": "Encounter"})

    with pytest.raises(HistoryIsLost):
        await bring_up_to_date(ledger, books(client, db), NOW)


async def test_a_round_is_of_one_moment_of_the_store(client: Client, db: Database) -> None:
    """Whoever is changed while a round reads is met in the next one, and until then counts as before."""
    happening = Happening(client, db, random.Random(3))
    await happening.begin()
    await happening.count()
    before = await anew(client, db, NOW)
    await happening.write({"resourceType": "Patient", "id": "new"}, "Patient/new")
    between = await anew(client, db, NOW)
    source = MongoMeasureSource(client, db)
    written = False

    class Late(MongoMeasureRows):
        async def told_of(self, persons: Any) -> Any:
            nonlocal written
            if not written:
                written = True
                await happening.write({"resourceType": "Patient", "id": "late"}, "Patient/late")
            return await super().told_of(persons)

    assert happening.ledger is not None
    await bring_up_to_date(happening.ledger, Books(source, Late(client, db), checkpoint), NOW)
    assert happening.ledger.tally == between
    assert between != before
    assert await anew(client, db, NOW) != between
    await happening.count()
