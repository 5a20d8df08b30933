"""The small county for the tests of /api/v1: one server for all, a person of its own for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.sip.harness import DOCTOR, HEALTH_CENTRE, HOME_NURSING, NURSE, OTHER_DOCTOR, County, county

Json = dict[str, Any]


@pytest.fixture(scope="session")
def served(mongo_url: str) -> Iterator[County]:
    """Serve the county once."""
    with county(mongo_url) as running:
        yield running


@pytest.fixture
def nurse(served: County) -> Iterator[httpx2.Client]:
    """The municipality's district nurse."""
    with served.staff(NURSE) as client:
        yield client


@pytest.fixture
def doctor(served: County) -> Iterator[httpx2.Client]:
    """A doctor at the region's health centre."""
    with served.staff(DOCTOR) as client:
        yield client


@pytest.fixture
def foreign(served: County) -> Iterator[httpx2.Client]:
    """A doctor of a region that takes no part."""
    with served.staff(OTHER_DOCTOR) as client:
        yield client


@pytest.fixture
def person(served: County, nurse: httpx2.Client) -> str:
    """Register somebody new; gives the id that the nurse's system knows them by."""
    new = {"personal_number": next(served.numbers), "given_name": "Tolvan", "family_name": "Tolvansson"}
    registered: str = done(nurse.post("/api/v1/persons", json=new), 201)["id"]
    return registered


@pytest.fixture(scope="session")
def somebody(served: County) -> str:
    """Give the address of a person whom tests only try to write about."""
    new = {"personal_number": next(served.numbers), "given_name": "Tolvan", "family_name": "Tolvansson"}
    with served.staff(NURSE) as nurse:
        return f"/api/v1/persons/{done(nurse.post('/api/v1/persons', json=new), 201)['id']}"


@dataclass
class PlanAtHand:
    """A plan as one client last saw it; each change sends the ETag that the last answer gave."""

    client: httpx2.Client
    seen: httpx2.Response

    @property
    def now(self) -> Json:
        """Give what the last answer told."""
        told: Json = self.seen.json()
        return told

    @property
    def path(self) -> str:
        """Give the plan's address."""
        return f"/api/v1/plans/{self.now['id']}"

    @property
    def if_match(self) -> dict[str, str]:
        """Give the header that says which version was seen."""
        return {"If-Match": self.seen.headers["ETag"]}

    def ask(self, method: str, part: str, json: Json | None = None) -> httpx2.Response:
        """Send a change; what was seen stays as it is."""
        return self.client.request(method, f"{self.path}/{part}", json=json, headers=self.if_match)

    def change(self, method: str, part: str, json: Json | None = None) -> Json:
        """Send a change that succeeds, and see the plan as it then is."""
        answer = self.ask(method, part, json)
        done(answer)
        self.seen = answer
        return self.now


@pytest.fixture
def draft(nurse: httpx2.Client, person: str) -> PlanAtHand:
    """A draft with a need and consent, still lacking much: interventions, what matters, a date."""
    need = done(nurse.post(f"/api/v1/persons/{person}/needs", json={"text": "Behöver stöd hemma."}), 201)
    consent = {"units": [HEALTH_CENTRE, HOME_NURSING], "until": "2030-12-31", "form": "oral"}
    done(nurse.post(f"/api/v1/persons/{person}/consents", json=consent), 201)
    plan = {
        "title": "Hemgång efter höftfraktur",
        "need_ids": [need["id"]],
        "goals": [{"text": "Jag vill gå till affären själv."}],
        "team": [{"unit": HEALTH_CENTRE, "employee": DOCTOR, "role": "distriktsläkare"}],
    }
    answer = nurse.post(f"/api/v1/persons/{person}/plans", json=plan)
    done(answer, 201)
    return PlanAtHand(nurse, answer)


@pytest.fixture
def complete(draft: PlanAtHand) -> PlanAtHand:
    """The draft with everything that law and agreement ask for."""
    draft.change("POST", "interventions", {"text": "Såromläggning", "responsible_unit": HOME_NURSING})
    draft.change("POST", "interventions", {"text": "Läkemedelsgenomgång", "responsible_unit": HEALTH_CENTRE})
    draft.change("POST", "actions-by-others", {"nothing": True})
    draft.change("PUT", "what-matters", {"text": "Att bo kvar hemma."})
    draft.change("PUT", "follow-up-date", {"date": "2030-03-01"})
    return draft


def done(answer: httpx2.Response, status: int = 200) -> Json:
    """Give what was answered, once it is the status that was hoped for."""
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


def problem(answer: httpx2.Response, status: int) -> Json:
    """Give the problem details, once they are well-formed and of this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: Json = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told
