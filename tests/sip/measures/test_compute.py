"""Figures computed from the record store: against the slow script, person by person, and of one moment only."""

import random
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from anyio.lowlevel import checkpoint

from services.sip.measures.cells import Kind
from services.sip.measures.compute import compute_figures
from services.sip.measures.contributions import contribution
from services.sip.measures.exact_figures import exact_figures
from services.sip.measures.indicators import INDICATORS, Indicator
from services.sip.measures.person_rows import read_person
from services.sip.measures.tally import Tally
from services.sip.measures.who import Who
from services.sip.storage.connection import Client, Database
from services.sip.storage.mongo_measure_source import MongoMeasureSource
from tests.sip.measures.county import County, Person, county, person_resources, version_of, versions
from tests.sip.measures.county_csv import as_csv
from tests.sip.measures.county_plans import NOW
from tests.sip.measures.oracle import Figures, figures_of

pytestmark = pytest.mark.anyio


def added_up(made: County) -> Tally:
    """Add the county up without a database."""
    tally = Tally()
    for person in made.people:
        tally.add(contribution(read_person(person_resources(person), made.roles), NOW))
    return tally


def comparable(exact: dict[str, Any]) -> Figures:
    """Bring the exact figures into the form of the slow script, which does not name empty cells."""
    return {one.id: dict(_cells(one, exact)) for one in INDICATORS if dict(_cells(one, exact))}


def _cells(indicator: Indicator, exact: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    told = next(one for one in exact["indicators"] if one["id"] == indicator.id)
    for row in told["rows"] + told["strata"]:
        place = (
            ("municipality", row["municipality"])
            if "municipality" in row
            else (row["county"], row["by"], row["group"])
        )
        numbers = _numbers(indicator, row)
        if numbers.get("persons", numbers.get("population")):
            yield (*(row[name] for name in indicator.figure.own), *place), numbers


def _numbers(indicator: Indicator, row: dict[str, Any]) -> dict[str, Any]:
    if indicator.against:
        return dict(
            zip(("having", "population", "score"), (row[one] for one in indicator.nouns), strict=True)
        )
    if indicator.figure.kind is Kind.COUNT:
        return {"count": row[indicator.nouns[0]], "persons": row[indicator.nouns[-1]]}
    more = {"median": row["median"]} if "median" in row else {}
    return {"persons": row["persons"], "score": row["mean"], **more}


def rounded(figures: Figures) -> Figures:
    return {
        indicator: {
            labels: {name: value if value is None else round(value, 9) for name, value in numbers.items()}
            for labels, numbers in cells.items()
        }
        for indicator, cells in figures.items()
    }


@pytest.mark.parametrize("seed", range(5))
def test_the_figures_of_a_random_county_are_those_of_the_slow_script(seed: int) -> None:
    made = county(seed)

    exact = exact_figures(added_up(made), 1, NOW)

    assert rounded(comparable(exact)) == rounded(figures_of(as_csv(made), NOW))


def test_a_random_county_has_somebody_in_every_indicator() -> None:
    assert set(figures_of(as_csv(county(0)), NOW)) == {one.id for one in INDICATORS}


async def test_the_store_gives_the_same_figures_as_the_people_themselves(
    client: Client, db: Database
) -> None:
    made = county(7)
    await db.records.insert_many(versions(made))

    assert await compute_figures(MongoMeasureSource(client, db), NOW, checkpoint) == added_up(made)


async def test_only_the_newest_version_counts_and_a_deleted_one_does_not(
    client: Client, db: Database
) -> None:
    plan = next(one for one in person_resources(county(3).people[0]) if one["resourceType"] == "Patient")
    subject = f"Patient/{plan['id']}"
    care_plan = {
        "resourceType": "CarePlan",
        "id": "x",
        "status": "draft",
        "category": [
            {"coding": [{"system": "https://fhir.inera.se/CodeSystem/typeofcareplan-cs", "code": "SIP"}]}
        ],
    }
    await db.records.insert_many(
        [
            version_of(plan, subject),
            version_of(care_plan, subject, 1, current=False),
            version_of({**care_plan, "status": "active"}, subject, 2),
            version_of({**care_plan, "id": "y"}, subject, 1, deleted=True),
        ]
    )

    tally = await compute_figures(MongoMeasureSource(client, db), NOW, checkpoint)

    assert [cell.labels[0] for cell, _ in tally.cells() if cell.figure == "plans"] == ["active"]


async def test_what_is_written_while_figures_are_computed_is_in_none_of_them(
    client: Client, db: Database
) -> None:
    before, after = county(1, people=100), county(2, people=100)
    await db.records.insert_many(versions(before))
    overwritten = False

    async def overwrite() -> None:
        nonlocal overwritten
        if not overwritten:
            overwritten = True
            await db.records.delete_many({"type": {"$ne": "PractitionerRole"}})
            people = (one for one in versions(after) if one["type"] != "PractitionerRole")
            await db.records.insert_many(people)

    source = MongoMeasureSource(client, db)

    assert await compute_figures(source, NOW, overwrite) == added_up(before)
    assert await compute_figures(source, NOW, checkpoint) == added_up(after)


def test_taking_people_out_and_putting_them_in_again_equals_counting_anew() -> None:
    before, after = county(11), county(12)
    chance = random.Random(5)
    changed = chance.sample(range(len(before.people)), 60)
    tally = added_up(before)

    for number in changed:
        tally.remove(of(before.people[number], before.roles))
        tally.add(of(after.people[number], after.roles))
    people = [after.people[n] if n in changed else one for n, one in enumerate(before.people)]

    assert tally == added_up(County(people, before.roles))


def of(person: Person, roles: dict[str, str]) -> dict[Any, Any]:
    return contribution(read_person(person_resources(person), roles), NOW)


def test_whoever_is_not_counted_in_cannot_be_taken_out() -> None:
    made = county(4)
    with pytest.raises(KeyError):
        Tally().remove(of(next(one for one in made.people if not one.dead), made.roles))


def test_a_place_that_is_no_municipality_is_unknown() -> None:
    for code in ("218", "21800", "0199x", "2x80", "\uff19901", " "):
        person = Person("p", code)
        assert read_person(person_resources(person), {}).who == Who()


def test_undefined_is_null_and_never_zero() -> None:
    alone = Person("p", "2180")
    exact = exact_figures(added_up(County([alone], {})), 1, NOW)
    rows = {one["id"]: one["rows"] for one in orjson.loads(orjson.dumps(exact))["indicators"]}

    assert rows["continuity-coc"] == [{"municipality": "2180", "persons": 0, "mean": None}]
    [home_care] = [row for row in rows["fixed-contact-coverage"] if row["kind"] == "3"]
    assert home_care["coverage"] is None
