"""Measure/$evaluate-measure: https://hl7.org/fhir/R4/measure-operation-evaluate-measure.html."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.sip.domain.codes import BASE
from services.sip.domain.errors import BadRequest
from services.sip.domain.moments import SWEDEN, span_of
from services.sip.fhir.answers import FhirResponse
from services.sip.fhir.asking import Wiring
from services.sip.fhir.parameters import Given, given_in
from services.sip.fhir.search_values import ID
from services.sip.use_cases.evaluate_measure import (
    JudgedPerson,
    Judging,
    judge_people,
    judge_person,
    stored_report,
)
from services.sip.use_cases.ports import Asking

POPULATION: Final = "http://terminology.hl7.org/CodeSystem/measure-population"
TYPES: Final = ("summary", "population", "subject", "subject-list", "individual")
"""R4's own words, and those of the resource: population is summary, individual is subject."""
Row = dict[str, Any]


async def evaluate(request: Request, asking: Asking, wiring: Wiring) -> Response:
    """Give the stored summary of a day, or judge anew the persons whom the caller may see."""
    given = await given_in(request)
    given.only("periodStart", "periodEnd", "reportType", "subject", "measure")
    measure, kind = request.path_params["id"], _kind(given)
    day = _day(given, "periodEnd")
    if kind in {"summary", "population"}:
        found = await stored_report(
            measure, day.isoformat() if day else None, asking, wiring.store, wiring.figures
        )
        _fits(given, orjson.loads(found.body)["period"]["start"])
        return FhirResponse(found.body)
    at = min(asking.now, span_of(day.isoformat())[1]) if day else asking.now
    judging = Judging(measure, at, wiring.judge)
    if kind == "subject-list":
        people = await judge_people(judging, asking, wiring.store)
        report = _listing(people)
    else:
        [person] = people = [await judge_person(judging, _subject(given), asking, wiring.store)]
        report = {
            "subject": {"reference": person.key},
            "group": [_group(people, number, None) for number in range(len(person.groups))],
            "evaluatedResource": [{"reference": key} for key in person.evaluated],
        }
    told = {**_front(measure, kind, at, asking.now), **report}
    return FhirResponse(orjson.dumps({name: value for name, value in told.items() if value != []}))


def _kind(given: Given) -> str:
    kind = given.texts.get("reportType") or ("subject" if "subject" in given.texts else "summary")
    if kind not in TYPES:
        raise BadRequest(Told("value", f"reportType is one of {', '.join(TYPES)}.", "http.reportType"))
    if (kind in {"subject", "individual"}) != ("subject" in given.texts):
        text = "subject goes with reportType subject, which needs it; the other types are of many."
        raise BadRequest(Told("value", text, "http.subject"))
    return kind


def _subject(given: Given) -> str:
    key = given.texts["subject"]
    if not key.startswith("Patient/") or not ID.fullmatch(key.removeprefix("Patient/")):
        raise BadRequest(Told("value", "subject is Patient/<id>.", "http.subject"))
    return key


def _day(given: Given, name: str) -> date | None:
    text = given.texts.get(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadRequest(Told("value", f"{name} is a whole day, as in 2026-12-31.", f"http.{name}")) from None


def _fits(given: Given, start: str) -> None:
    """A measure's period is its own; another start would be another measure."""
    asked = _day(given, "periodStart")
    if asked is not None and asked.isoformat() != start:
        text = f"The period of this measure begins {start}; leave periodStart out, or give that."
        raise BadRequest(Told("value", text, "http.periodStart"))


def _front(measure: str, kind: str, at: datetime, now: datetime) -> Row:
    day = at.astimezone(SWEDEN).date().isoformat()
    return {
        "resourceType": "MeasureReport",
        "status": "complete",
        "type": "subject-list" if kind == "subject-list" else "individual",
        "measure": f"{BASE}Measure/{measure}",
        "date": now.isoformat(timespec="seconds"),
        "period": {"start": day, "end": day},
    }


def _listing(people: Sequence[JudgedPerson]) -> Row:
    """List the persons of each population, as Lists inside the report."""
    lists: list[Row] = []
    count = len(people[0].groups) if people else 0
    groups = [_group(people, number, lists) for number in range(count)]
    return {"contained": lists, "group": groups}


def _group(people: Sequence[JudgedPerson], number: int, lists: list[Row] | None) -> Row:
    own = [(person.key, person.groups[number]) for person in people]
    _, first = own[0]
    populations: list[Row] = []
    for code in first.populations:
        members = [key for key, group in own if group.populations[code]]
        told: Row = {
            "code": {"coding": [{"system": POPULATION, "code": code}]},
            "count": sum(group.populations[code] for _, group in own),
        }
        if lists is not None and members:
            id = f"group{number}-{code}"
            entries = [{"item": {"reference": key}} for key in members]
            lists.append(
                {"resourceType": "List", "id": id, "status": "current", "mode": "snapshot", "entry": entries}
            )
            told["subjectResults"] = {"reference": f"#{id}"}
        populations.append(told)
    group: Row = {"population": populations, **({"code": first.code} if first.code else {})}
    if lists is None and first.score is not None:
        group["measureScore"] = {"value": first.score}
    return group
