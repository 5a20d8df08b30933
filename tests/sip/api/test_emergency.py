"""Nödöppning: for care givers, for one person, for some hours, and on record."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import httpx2

from services.sip.storage.connection import connect, database
from services.sip.storage.mongo_whole_records import MongoWholeRecords
from services.sip.use_cases.verify_readers import WholeRecord, differences
from tests.sip.api.test_blocks import block
from tests.sip.harness import ASSISTANT_NURSE, NURSE, OTHER_REGION, County

DANGER = {"danger": "life", "reason": "Medvetslös, läkemedel okända, kan inte samtycka."}


def opened(client: httpx2.Client, person: str, stated: dict[str, Any] = DANGER) -> httpx2.Response:
    return client.post(f"/api/v1/persons/{person}/emergency-access", json=stated)


def a_need(client: httpx2.Client, person: str) -> str:
    need = {"resourceType": "Condition", "subject": {"reference": f"Patient/{person}"}}
    made = client.post("/fhir/Condition", json=need)
    assert made.status_code == 201
    return f"/fhir/Condition/{made.json()['id']}"


def verified(county: County, person: str) -> None:
    async def verify() -> None:
        client = connect(county.mongo_url)
        all_of_them: AsyncIterator[WholeRecord] = MongoWholeRecords(
            client, database(client, county.database)
        ).all()
        [record] = [one async for one in all_of_them if one.person == f"Patient/{person}"]
        client.close()
        assert differences(record) == []

    anyio.run(verify)


def test_an_emergency_opens_the_record_blocks_and_all_for_some_hours_and_on_record(
    served: County, nurse: httpx2.Client, foreign: httpx2.Client, person: str
) -> None:
    need = a_need(nurse, person)
    assert nurse.post("/fhir/Consent", json=block(person)).status_code == 201
    assert foreign.get(need).status_code == 404
    answer = opened(foreign, person)
    assert answer.status_code == 200, answer.text
    left = datetime.fromisoformat(answer.json()["until"]) - datetime.now(UTC)  # noqa: TID251 - a test looks at the clock
    assert timedelta(hours=3) < left <= timedelta(hours=4)
    assert foreign.get(need).status_code == 200
    assert foreign.get(a_need(nurse, person)).status_code == 200  # what is written later is open, too
    verified(served, person)
    with served.privacy_officer(OTHER_REGION) as officer:
        log = officer.get("/fhir/AuditEvent", params={"patient": f"Patient/{person}", "action": "E"}).json()
    rows = [one["resource"] for one in log["entry"] if one["resource"]["subtype"][0]["code"] == "operation"]
    assert [row["outcomeDesc"] for row in rows] == ["emergency access"]


def test_the_social_services_have_no_emergency_access(
    served: County, nurse: httpx2.Client, person: str
) -> None:
    need = a_need(nurse, person)
    with served.staff(ASSISTANT_NURSE) as home_care:
        answer = opened(home_care, person)
        assert answer.status_code == 403
        assert "care givers alone" in answer.text
        assert home_care.get(need).status_code == 404


def test_nor_has_who_is_not_at_work_in_care(served: County, person: str) -> None:
    with served.staff(NURSE, commissionPurpose="Administration") as clerk:
        assert opened(clerk, person).status_code == 403
    with served.resident(person) as resident:
        assert opened(resident, person).status_code == 403


def test_danger_and_reason_are_stated(nurse: httpx2.Client, person: str) -> None:
    for stated in (
        {},
        {"danger": "life"},
        {"danger": "curiosity", "reason": "x" * 20},
        DANGER | {"reason": " "},
    ):
        assert opened(nurse, person, stated).status_code in {400, 422}


def test_nobody_is_opened_who_is_not_there(foreign: httpx2.Client) -> None:
    assert opened(foreign, "0" * 36).status_code == 404
