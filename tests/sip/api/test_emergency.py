"""Nödöppning: for care givers, for one person, for some hours, and on record."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import httpx2
from pymongo import MongoClient

from services.notify.api.event_schema import read_event
from services.sip.outbound.cloud_event import cloud_events
from services.sip.storage.connection import connect, database
from services.sip.storage.mongo_whole_records import MongoWholeRecords
from services.sip.use_cases.verify_readers import WholeRecord, differences
from tests.sip.api.test_blocks import block
from tests.sip.harness import (
    ASSISTANT_NURSE,
    HEALTH_CENTRE,
    HOME_NURSING,
    MUNICIPALITY,
    NURSE,
    OTHER_REGION,
    REGION,
    County,
)

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


def lifted(client: httpx2.Client, person: str, emergency: str) -> httpx2.Response:
    stated = {"reason": "Ringde från akuten, uppgifterna behövs."}
    return client.post(f"/api/v1/persons/{person}/emergency-access/{emergency}/lifted-block", json=stated)


def events_of(county: County, person: str) -> list[dict[str, Any]]:
    with MongoClient[dict[str, Any]](county.mongo_url) as client:
        rows = client[county.database].records.find({"type": "AuditEvent", "patient": f"Patient/{person}"})
        return [event for row in rows for event in cloud_events(row, "https://samplan.test/fhir")]


def test_an_emergency_opens_the_record_for_some_hours_and_on_record(
    served: County, nurse: httpx2.Client, foreign: httpx2.Client, person: str
) -> None:
    need = a_need(nurse, person)
    assert foreign.get(need).status_code == 404
    answer = opened(foreign, person)
    assert answer.status_code == 200, answer.text
    assert answer.json()["blocked_by"] == []
    left = datetime.fromisoformat(answer.json()["until"]) - datetime.now(UTC)  # noqa: TID251 - a test looks at the clock
    assert timedelta(hours=3) < left <= timedelta(hours=4)
    assert foreign.get(need).status_code == 200
    assert foreign.get(a_need(nurse, person)).status_code == 200  # what is written later is open, too
    verified(served, person)
    with served.privacy_officer(OTHER_REGION) as officer:
        log = officer.get("/fhir/AuditEvent", params={"patient": f"Patient/{person}", "action": "E"}).json()
    rows = [one["resource"] for one in log["entry"] if one["resource"]["subtype"][0]["code"] == "operation"]
    assert [row["outcomeDesc"] for row in rows] == ["emergency access"]


def test_an_inner_block_of_the_own_care_giver_yields_at_once(
    served: County, nurse: httpx2.Client, person: str
) -> None:
    """PDL 4 kap. 5 §."""
    with served.staff(ASSISTANT_NURSE) as home_care:
        need = a_need(home_care, person)
        assert home_care.post("/fhir/Consent", json=block(person)).status_code == 201
    assert nurse.get(need).status_code == 404
    assert opened(nurse, person).json()["blocked_by"] == []
    assert nurse.get(need).status_code == 200
    verified(served, person)


def test_what_another_care_giver_blocked_stays_shut_until_that_care_giver_lifts_it(
    served: County, nurse: httpx2.Client, doctor: httpx2.Client, foreign: httpx2.Client, person: str
) -> None:
    """Lag (2022:913) 3 kap. 6 §: the opener learns which care giver has blocked, and asks it to lift."""
    need, other = a_need(nurse, person), a_need(doctor, person)
    assert nurse.post("/fhir/Consent", json=block(person)).status_code == 201
    answer = opened(foreign, person).json()
    assert answer["blocked_by"] == [MUNICIPALITY]
    assert [foreign.get(need).status_code, foreign.get(other).status_code] == [404, 200]
    verified(served, person)
    later = a_need(nurse, person)
    assert foreign.get(later).status_code == 404
    assert lifted(foreign, person, answer["id"]).status_code == 404
    assert lifted(doctor, person, answer["id"]).status_code == 404
    given = lifted(nurse, person, answer["id"])
    assert given.status_code == 200, given.text
    assert given.json()["until"][:23] == answer["until"][:23]
    assert [foreign.get(one).status_code for one in (need, later, a_need(nurse, person))] == [200] * 3
    assert lifted(nurse, person, answer["id"]).status_code == 404  # nothing is left to lift
    verified(served, person)


def test_a_block_is_not_lifted_by_who_is_not_at_work_in_care_nor_for_an_emergency_that_is_not(
    served: County, nurse: httpx2.Client, person: str
) -> None:
    assert lifted(nurse, person, "0" * 24).status_code == 404
    assert lifted(nurse, person, "nothing").status_code == 404
    with served.staff(NURSE, commissionPurpose="Administration") as clerk:
        assert lifted(clerk, person, "0" * 24).status_code == 403
    with served.resident(person) as resident:
        assert lifted(resident, person, "0" * 24).status_code == 403


def test_an_emergency_shows_nobody_who_blocked_or_objected(
    served: County, nurse: httpx2.Client, foreign: httpx2.Client, person: str
) -> None:
    made = nurse.post("/fhir/Consent", json=block(person)).json()["id"]
    assert opened(foreign, person).status_code == 200
    assert foreign.get(f"/fhir/Consent/{made}").status_code == 404


def test_the_privacy_officers_of_all_concerned_are_told_and_may_know(
    served: County, nurse: httpx2.Client, doctor: httpx2.Client, foreign: httpx2.Client, person: str
) -> None:
    a_need(nurse, person)
    a_need(doctor, person)
    assert nurse.post("/fhir/Consent", json=block(person)).status_code == 201
    number = opened(foreign, person).json()["id"]
    [event] = events_of(served, person)
    assert read_event(event).type == "emergency.opened"
    assert event["data"]["focus"] == f"AuditEvent/{number}"
    assert set(event["data"]["parties"]) == {OTHER_REGION, REGION, MUNICIPALITY, HOME_NURSING}
    with served.client(scope="system/right-to-know.c") as notify:

        def may_know(party: str) -> bool:
            asked = {"unit": party, "focus": f"AuditEvent/{number}", "topic": "inbox"}
            return bool(notify.post("/api/v1/right-to-know", json=asked).json()["allowed"])

        assert all(may_know(one) for one in event["data"]["parties"])
        assert not may_know(HEALTH_CENTRE)
    for giver in (OTHER_REGION, REGION, MUNICIPALITY):
        with served.privacy_officer(giver) as officer:
            assert officer.get(f"/fhir/AuditEvent/{number}").status_code == 200
    assert nurse.get(f"/fhir/AuditEvent/{number}").status_code == 404


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
