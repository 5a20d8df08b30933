"""The county is the same every time, and like a county."""

import time
from collections import Counter, defaultdict
from datetime import date, timedelta
from statistics import mean

import orjson
import pytest

from services.demo.county.codes import FIXED_CARE_CONTACT, FIXED_DOCTOR, FIXED_HOME_CARE_CONTACT
from services.demo.county.facts import resident_persona, tour_people
from services.demo.county.loads import SEED, County, Load, county
from services.demo.county.units import (
    BJORKVALLA,
    BJORKVALLA_CENTRE,
    CENTRES,
    MUNICIPALITIES,
    STRANDINGE_CENTRE,
    UNITS,
)
from tests.demo.county.conftest import TODAY


def written(loads: list[Load]) -> bytes:
    return orjson.dumps([[one.unit_hsa, one.giver_hsa, one.label, one.lane, one.bundle] for one in loads])


def test_the_same_seed_and_day_give_the_same_bytes(loads: list[Load]) -> None:
    assert written(county(TODAY).loads()) == written(loads)


def test_another_seed_gives_another_county(settled: County) -> None:
    other = county(TODAY, seed=22)

    assert [one.given for one in other.residents] != [one.given for one in settled.residents]
    assert [one.assignment for one in other.employees] == [one.assignment for one in settled.employees]


@pytest.mark.parametrize("seed", [SEED, 3])
@pytest.mark.parametrize("today", [date(2025, 1, 1), date(2028, 2, 29), date(2032, 12, 31)])
def test_the_demo_has_its_county_for_years_to_come(seed: int, today: date) -> None:
    settled = county(today, seed)

    assert len(settled.cases) == 60
    assert len(tour_people(settled)) >= 10
    assert max(one.day for one in settled.visits) < today


def test_making_it_takes_less_than_three_seconds() -> None:
    began = time.process_time()
    county(TODAY).loads()

    assert time.process_time() - began < 3


def test_three_hundred_people_live_in_two_municipalities(settled: County) -> None:
    homes = Counter(one.municipality for one in settled.residents)

    assert len(settled.residents) == 300
    assert all(homes[one] > 90 for one in MUNICIPALITIES)


def test_every_kind_of_unit_has_staff(settled: County) -> None:
    assert {one.unit for one in settled.employees} == set(UNITS)


def test_nobody_shares_a_name_with_a_colleague_or_a_neighbour(settled: County) -> None:
    for people in (settled.residents, settled.employees):
        assert len({(one.given, one.family) for one in people}) == len(people)


def test_most_but_not_all_have_a_fast_lakarkontakt(settled: County) -> None:
    listed = {one.resident.key: one.holder.unit for one in settled.contacts if one.kind == FIXED_DOCTOR}
    covered = {
        centre.name: mean(who.key in listed for who in settled.residents if who.centre == centre)
        for centre in CENTRES
    }

    assert 0.55 <= len(listed) / len(settled.residents) <= 0.70
    assert covered[BJORKVALLA_CENTRE.name] > covered[STRANDINGE_CENTRE.name] + 0.2


def test_nobody_has_two_contacts_of_a_kind_at_a_time(settled: County) -> None:
    held = Counter((one.resident.key, one.kind) for one in settled.contacts)

    assert max(held.values()) == 1
    assert {FIXED_DOCTOR, FIXED_CARE_CONTACT, FIXED_HOME_CARE_CONTACT} <= {kind for _, kind in held}


def test_a_changed_contact_says_why_and_began_after_the_one_before(settled: County) -> None:
    changed = [one for one in settled.contacts if one.before]

    assert len(changed) >= 20
    assert all(one.reason != "first" and one.before and one.before.since < one.since for one in changed)


def test_a_fast_omsorgskontakt_is_an_underskoterska(settled: County) -> None:
    contacts = [one for one in settled.contacts if one.kind == FIXED_HOME_CARE_CONTACT]

    assert len(contacts) > 20
    assert {one.holder.title for one in contacts} == {"underskoterska"}


def test_the_visits_are_of_eighteen_months_and_end_yesterday(settled: County) -> None:
    days = [one.day for one in settled.visits]

    assert 4000 < len(days) < 6000
    assert min(days) >= TODAY - timedelta(days=548)
    assert min(days) < TODAY - timedelta(days=500)
    assert max(days) == TODAY - timedelta(days=1)


def test_continuity_differs_between_the_centres(settled: County) -> None:
    seen: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for visit in settled.visits:
        seen[visit.by.unit.name][visit.resident.key].append(visit.by.hsa)
    indices = {
        centre.name: [_coc(met) for met in seen[centre.name].values() if len(met) >= 3] for centre in CENTRES
    }

    assert all(len(several) >= 40 for several in indices.values())
    assert mean(indices[BJORKVALLA_CENTRE.name]) > mean(indices[STRANDINGE_CENTRE.name]) + 0.1


def _coc(met: list[str]) -> float:
    count = len(met)
    return (sum(times**2 for times in Counter(met).values()) - count) / (count * (count - 1))


def test_the_tour_finds_people_without_a_plan_and_a_doctor_to_change(settled: County) -> None:
    people = tour_people(settled)
    planned = {one.resident.key for one in settled.cases}

    assert len(people) >= 10
    assert planned.isdisjoint(one.resident.key for one in people)
    assert all(one.doctor != one.other_doctor for one in people)
    assert {one.resident.municipality for one in people} == {BJORKVALLA}


def test_the_resident_among_the_personas_has_an_active_plan(settled: County) -> None:
    resident = resident_persona(settled)

    assert next(one.status for one in settled.cases if one.resident == resident) == "active"
