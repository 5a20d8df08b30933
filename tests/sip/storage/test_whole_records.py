"""What is verified is what is stored, and a right that was slipped in, or taken away, is named."""

import pytest

from services.sip.domain.minors import Ages
from services.sip.storage.mongo_whole_records import MongoWholeRecords
from services.sip.use_cases.verify_readers import Verdict, verify_readers
from tests.sip.storage.conftest import DOCTOR, NOW, NURSE, Keeper, organization, patient

TEMPORARY = "urn:uuid:00000000-0000-4000-8000-000000000001"
pytestmark = pytest.mark.anyio


async def verdict(keeper: Keeper) -> Verdict:
    return await verify_readers(MongoWholeRecords(keeper.db.client, keeper.db), NOW, Ages())


async def a_shared_plan(keeper: Keeper) -> str:
    """Let a nurse's plan have a doctor in its team, with whom the person agrees."""
    _, unit = await keeper.write(
        organization("SE-R", "region") | {"_url": TEMPORARY},
        organization("SE-R-unit", "unit", TEMPORARY, "primary-care"),
        by=DOCTOR,
    )
    [role] = await keeper.write(
        {"resourceType": "PractitionerRole", "organization": {"reference": unit}}, by=DOCTOR
    )
    [person] = await keeper.write(patient())
    subject = {"subject": {"reference": person}}
    members = {"participant": [{"member": {"reference": role}}]}
    [team] = await keeper.write({"resourceType": "CareTeam", "status": "active", **subject, **members})
    plan = {"resourceType": "CarePlan", "status": "draft", "intent": "plan", **subject}
    [key] = await keeper.write(plan | {"careTeam": [{"reference": team}]}, by=NURSE)
    return key


async def test_what_was_written_verifies_and_a_slipped_in_reader_is_named(keeper: Keeper) -> None:
    key = await a_shared_plan(keeper)
    found = await verdict(keeper)
    assert (found.persons, found.resources, found.differences) == (1, 3, [])

    held = await keeper.db.records.find_one({"key": key, "current": True})
    assert held is not None
    thief = held["readers"][0] | {"unit": "SE-thief"}
    await keeper.db.records.update_one({"_id": held["_id"]}, {"$push": {"readers": thief}})
    [difference] = (await verdict(keeper)).differences
    assert difference.key == key
    assert "without right SE-thief" in str(difference)

    await keeper.db.records.update_one({"_id": held["_id"]}, {"$set": {"readers": []}})
    [difference] = (await verdict(keeper)).differences
    assert "shut out Patient/" in str(difference)
