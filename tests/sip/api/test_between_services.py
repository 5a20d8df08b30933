"""What notify asks before each attempt, and the exact figures behind authentication."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx2
import pytest
from pymongo import MongoClient

from services.sip.storage.connection import connect, database
from services.sip.storage.mongo_measure_figures import MongoMeasureFigures
from services.sip.use_cases.measure_ports import KeptFigures
from tests.sip.api.conftest import Json, PlanAtHand, done, problem
from tests.sip.harness import HEALTH_CENTRE, OTHER_CENTRE, County

TOPIC = "https://samplan.example/fhir/SubscriptionTopic/plan-changed"


@pytest.fixture
def notify(served: County) -> Iterator[httpx2.Client]:
    """The other service, with its own scope alone."""
    with served.client(sub="notify", client_id="notify", scope="system/right-to-know.c") as client:
        yield client


@pytest.fixture
def monitor(served: County) -> Iterator[httpx2.Client]:
    """The region's follow-up: figures about many, nothing about anybody."""
    with served.client(sub="monitor", client_id="monitor", scope="system/MeasureReport.rs") as client:
        yield client


def question(plan: PlanAtHand, unit: str = HEALTH_CENTRE, **more: str) -> Json:
    focus = f"CarePlan/{plan.now['id']}"
    return {"unit": unit, "focus": focus, "topic": TOPIC, "payload": "id-only", **more}


def test_a_party_may_know_and_a_foreign_unit_may_not(notify: httpx2.Client, complete: PlanAtHand) -> None:
    yes = done(notify.post("/api/v1/right-to-know", json=question(complete)))
    no = done(notify.post("/api/v1/right-to-know", json=question(complete, OTHER_CENTRE)))

    assert yes == {"allowed": True, "reason": "care relation"}
    assert no == {"allowed": False, "reason": "no care relation now"}


def test_what_is_absent_nobody_may_know_and_it_is_told_alike(
    notify: httpx2.Client, complete: PlanAtHand
) -> None:
    absent = question(complete, focus="CarePlan/none")
    hidden = question(complete, OTHER_CENTRE)

    answers = [notify.post("/api/v1/right-to-know", json=one).content for one in (absent, hidden)]
    assert answers[0] == answers[1]


def test_a_withdrawn_consent_ends_the_right_to_know(
    notify: httpx2.Client, nurse: httpx2.Client, complete: PlanAtHand
) -> None:
    [given] = done(nurse.get(f"/api/v1/persons/{complete.now['person_id']}/consents"))["consents"]
    done(nurse.post(f"/api/v1/consents/{given['id']}/withdrawal"))

    assert not done(notify.post("/api/v1/right-to-know", json=question(complete)))["allowed"]


def test_asking_leaves_no_row_for_no_data_is_told(
    served: County, notify: httpx2.Client, complete: PlanAtHand
) -> None:
    before = served.stored("access")
    done(notify.post("/api/v1/right-to-know", json=question(complete)))

    assert served.stored("access") == before


def test_a_whole_resource_is_told_only_to_who_may_know_and_stands_in_that_care_givers_log(
    served: County, notify: httpx2.Client, complete: PlanAtHand
) -> None:
    asked = question(complete, payload="full-resource", giver="SE-R")
    told = done(notify.post("/api/v1/right-to-know", json=asked))
    hidden = done(notify.post("/api/v1/right-to-know", json=asked | {"unit": OTHER_CENTRE}))

    assert told["resource"] == done(notify.post("/api/v1/right-to-know", json=asked))["resource"]
    assert told["resource"]["id"] == complete.now["id"]
    assert hidden == {"allowed": False, "reason": "no care relation now"}
    with MongoClient[Json](served.mongo_url) as client:
        rows = list(client[served.database].access.find({"reason": "care relation, sent in full"}))
    assert [(row["unit"], row["giver"], row["keys"]) for row in rows] == [
        (HEALTH_CENTRE, "SE-R", [asked["focus"]])
    ] * 2


def test_nobody_but_notify_asks(nurse: httpx2.Client, complete: PlanAtHand) -> None:
    problem(nurse.post("/api/v1/right-to-know", json=question(complete)), 403)


def test_notify_asks_nothing_else(notify: httpx2.Client, complete: PlanAtHand) -> None:
    problem(notify.get(complete.path), 403)
    problem(notify.get("/api/v1/indicators"), 403)


@pytest.mark.parametrize(
    "wrong", [{"payload": "everything"}, {"focus": "CarePlan"}, {"unit": "Patient/1"}, {"more": "x"}]
)
def test_a_question_that_is_not_understood_is_refused(
    notify: httpx2.Client, complete: PlanAtHand, wrong: Json
) -> None:
    problem(notify.post("/api/v1/right-to-know", json=question(complete, **wrong)), 400)


@pytest.mark.anyio
async def test_exact_figures_are_told_to_who_may_read_them(served: County, monitor: httpx2.Client) -> None:
    problem(monitor.get("/api/v1/indicators"), 404)

    client = connect(served.mongo_url)
    figures = MongoMeasureFigures(database(client, served.database))
    now = datetime(2026, 11, 22, tzinfo=UTC)
    await figures.keep(KeptFigures(1, now, 0.1, b'{"plans":7}', b"{}"))
    client.close()
    assert done(monitor.get("/api/v1/indicators")) == {"plans": 7}
