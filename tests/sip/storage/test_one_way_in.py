"""What the record store promises: all or nothing, one order for each person, nothing lost between writers."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from services.sip.domain.errors import ChangedMeanwhile, NotAllowed, NotFound, RulesBroken, ShapeBroken
from services.sip.use_cases.ports import Asking
from services.sip.use_cases.read_resource import read_resource
from tests.sip.storage.conftest import DOCTOR, NOW, NUMBER, NURSE, Keeper, organization, patient

TEMPORARY = "urn:uuid:00000000-0000-4000-8000-000000000001"
pytestmark = pytest.mark.anyio


def goal(person: str, text: str = "Gå till affären själv") -> dict[str, Any]:
    return {
        "resourceType": "Goal",
        "lifecycleStatus": "proposed",
        "description": {"text": text},
        "subject": {"reference": person},
    }


async def count(keeper: Keeper, **wanted: Any) -> int:
    return await keeper.db.records.count_documents(wanted)


async def test_a_transaction_with_one_bad_part_stores_nothing(keeper: Keeper) -> None:
    [person] = await keeper.write(patient())
    before = await count(keeper)
    lost = goal(person) | {"addresses": [{"reference": "Condition/nowhere"}]}
    with pytest.raises(RulesBroken, match="Condition/nowhere"):
        await keeper.write(goal(person), lost)
    assert await count(keeper) == before


async def test_bad_content_is_named_with_its_place(keeper: Keeper) -> None:
    [person] = await keeper.write(patient())
    with pytest.raises(ShapeBroken) as broken:
        await keeper.write(goal(person) | {"lifecycleStatus": "banana"})
    assert broken.value.told[0].expression == "Goal.lifecycleStatus"


async def test_of_many_who_change_the_same_version_one_succeeds(keeper: Keeper) -> None:
    [person] = await keeper.write(patient())
    [key] = await keeper.write(goal(person))
    number = key.split("/")[1]
    changed = [goal(person, f"Mål {i}") | {"id": number} for i in range(12)]
    results = await asyncio.gather(
        *(keeper.write(one, replaces=1) for one in changed), return_exceptions=True
    )
    assert sum(1 for one in results if one == [key]) == 1
    assert sum(1 for one in results if isinstance(one, ChangedMeanwhile)) == 11
    assert await count(keeper, key=key) == 2
    assert await count(keeper, key=key, current=True) == 1


async def test_a_persons_writes_have_one_order_and_times_that_never_go_back(keeper: Keeper) -> None:
    [person] = await keeper.write(patient())
    await asyncio.gather(*(keeper.write(goal(person)) for _ in range(15)))
    rows = await keeper.db.records.find({"patient": person}).sort("seq", 1).to_list(None)
    assert [row["seq"] for row in rows] == list(range(1, 17))
    assert all(one["at"] < other["at"] for one, other in pairwise(rows))


async def test_two_who_register_the_same_person_at_once_get_the_same_patient(keeper: Keeper) -> None:
    results = await asyncio.gather(
        *(keeper.write(patient(), by=one) for one in (NURSE, DOCTOR) for _ in range(4))
    )
    assert len({keys[0] for keys in results}) == 1
    assert await count(keeper, type="Patient") == 1


async def test_a_person_registered_again_within_a_transaction_is_found_by_the_rest_of_it(
    keeper: Keeper,
) -> None:
    [person] = await keeper.write(patient())
    again, written = await keeper.written(
        patient() | {"_url": TEMPORARY}, goal(TEMPORARY), by=DOCTOR
    )  # fmt: skip
    assert again.existing
    assert again.stored.key == person
    assert written.stored.patient == person


async def test_every_write_leaves_its_access_row_in_the_same_commit(keeper: Keeper) -> None:
    [person] = await keeper.write(patient())
    [key] = await keeper.write(goal(person))
    [row] = await keeper.db.access.find({"keys": key}).to_list(None)
    assert (row["person"], row["action"], row["unit"], row["allowed"]) == (person, "C", "SE-K-unit", True)


async def test_a_refused_read_leaves_a_row_that_names_whose_record_it_was(keeper: Keeper) -> None:
    [person] = await keeper.write(patient())
    [key] = await keeper.write(goal(person))
    with pytest.raises(NotFound):
        await read_resource(key, Asking(DOCTOR, NOW), keeper.store)
    [row] = await keeper.db.access.find({"allowed": False}).to_list(None)
    assert (row["person"], row["unit"], row["reason"]) == (person, "SE-R-unit", "no care relation")


async def test_hidden_and_absent_are_told_in_the_same_words(keeper: Keeper) -> None:
    [person] = await keeper.write(patient())
    [key] = await keeper.write(goal(person))
    told = []
    for wanted in (key, "Goal/" + "0" * 36):
        with pytest.raises(NotFound) as missed:
            await read_resource(wanted, Asking(DOCTOR, NOW), keeper.store)
        told.append(str(missed.value).replace(wanted, "…"))
    assert told[0] == told[1]


async def test_an_update_by_one_who_may_not_see_looks_like_absence(keeper: Keeper) -> None:
    [person] = await keeper.write(patient())
    [key] = await keeper.write(goal(person))
    with pytest.raises(NotFound):
        await keeper.write(goal(person) | {"id": key.split("/")[1]}, by=DOCTOR, replaces=1)


async def test_nobody_refers_to_what_they_may_not_see(keeper: Keeper) -> None:
    [person] = await keeper.write(patient())
    [hidden] = await keeper.write(goal(person))
    plan = {
        "resourceType": "CarePlan", "status": "draft", "intent": "plan",
        "subject": {"reference": person}, "goal": [{"reference": hidden}],
    }  # fmt: skip
    with pytest.raises(RulesBroken, match="not here, or not for you to see"):
        await keeper.write(plan, by=DOCTOR)


async def test_a_reference_into_another_persons_record_is_refused(keeper: Keeper) -> None:
    [one] = await keeper.write(patient())
    [other] = await keeper.write(patient("189001019802"))
    [foreign] = await keeper.write(goal(other))
    plan = {
        "resourceType": "CarePlan", "status": "draft", "intent": "plan",
        "subject": {"reference": one}, "goal": [{"reference": foreign}],
    }  # fmt: skip
    with pytest.raises(RulesBroken, match="another person"):
        await keeper.write(plan)


async def test_a_care_giver_cannot_write_into_anothers_directory(keeper: Keeper) -> None:
    with pytest.raises(NotAllowed, match="SE-R"):
        await keeper.write(organization("SE-R", "region"), by=NURSE)


async def test_an_assignment_never_moves_to_another_unit(keeper: Keeper) -> None:
    town, unit, other = await keeper.write(
        organization("SE-K", "municipality") | {"_url": TEMPORARY},
        organization("SE-K-unit", "unit", TEMPORARY, "municipal-nursing"),
        organization("SE-K-other", "unit", TEMPORARY, "home-care"),
    )
    role = {"resourceType": "PractitionerRole", "organization": {"reference": unit}}
    [key] = await keeper.write(role)
    moved = {
        "resourceType": "PractitionerRole",
        "organization": {"reference": other},
        "id": key.split("/")[1],
    }
    with pytest.raises(RulesBroken, match="cannot move"):
        await keeper.write(moved, replaces=1)
    assert town


async def test_the_outbox_holds_each_change_in_the_persons_order(keeper: Keeper) -> None:
    [person] = await keeper.write(patient())
    for _ in range(3):
        await keeper.write(goal(person))
    rows = await keeper.db.records.find({"unsent": True}).sort([("at", 1), ("seq", 1)]).to_list(None)
    assert [row["seq"] for row in rows if row["patient"] == person][-3:] == [2, 3, 4]
    assert all(event["type"] for row in rows for event in row["events"])
    assert NUMBER not in str([row["events"] for row in rows])


async def test_a_refused_write_leaves_a_row_that_names_whose_record_it_was(keeper: Keeper) -> None:
    [person] = await keeper.write(patient())
    [key] = await keeper.write(goal(person))
    with pytest.raises(NotFound):
        await keeper.write(goal(person) | {"id": key.split("/")[1]}, by=DOCTOR, replaces=1)
    [row] = await keeper.db.access.find({"allowed": False}).to_list(None)
    assert (row["person"], row["unit"], row["action"]) == (person, "SE-R-unit", "U")
    assert row["keys"] == [key]


async def test_nobody_puts_a_second_organization_in_a_units_place(keeper: Keeper) -> None:
    [town] = await keeper.write(organization("SE-K", "municipality"))
    own = organization("SE-K", "region") | {"name": "Any other"}
    [again] = await keeper.written(own, by=DOCTOR)
    assert again.existing
    assert again.stored.key == town
    assert await count(keeper, type="Organization") == 1
