"""PATCH: both kinds of patch end where every update does, and what does not fit is told."""

import json
import uuid
from typing import Any

import httpx2
import pytest

from tests.sip.fhir.conftest import goal

JSON = "application/json-patch+json"


def made(nurse: httpx2.Client, person: str, **more: Any) -> str:
    answer = nurse.post("/fhir/Goal", json=goal(person, **more))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def patched(nurse: httpx2.Client, number: str, operations: Any, version: int = 1) -> httpx2.Response:
    media = JSON if isinstance(operations, list) else "application/fhir+json"
    headers = {"If-Match": f'W/"{version}"', "Content-Type": media}
    return nurse.patch(f"/fhir/Goal/{number}", json=operations, headers=headers)


def operation(kind: str, path: str, **parts: Any) -> dict[str, Any]:
    """Make one operation of a FHIRPath Patch; a value is given as value=("valueString", "x") or as parts."""
    made: list[dict[str, Any]] = [{"name": "type", "valueCode": kind}, {"name": "path", "valueString": path}]
    for name, value in parts.items():
        if name == "value":
            made.append(
                {
                    "name": "value",
                    "part" if isinstance(value, list) else value[0]: value
                    if isinstance(value, list)
                    else value[1],
                }
            )
        else:
            made.append({"name": name, "valueString" if name == "name" else "valueInteger": value})
    return {"name": "operation", "part": made}


def parameters(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": list(operations)}


def test_a_json_patch_makes_the_next_version(nurse: httpx2.Client, person: str) -> None:
    number = made(nurse, person)
    answer = patched(
        nurse,
        number,
        [
            {"op": "test", "path": "/lifecycleStatus", "value": "proposed"},
            {"op": "replace", "path": "/lifecycleStatus", "value": "active"},
            {"op": "add", "path": "/startDate", "value": "2026-11-22"},
        ],
    )
    assert answer.status_code == 200, answer.text
    assert (answer.json()["lifecycleStatus"], answer.json()["startDate"]) == ("active", "2026-11-22")
    assert answer.headers["etag"] == 'W/"2"'
    assert nurse.get(f"/fhir/Goal/{number}").json() == answer.json()


def test_decimals_stay_as_they_were_written(nurse: httpx2.Client, person: str) -> None:
    target = b'[{"measure":{"text":"vikt"},"detailQuantity":{"value":1.10,"unit":"kg"}}]'
    rest = json.dumps(goal(person)).encode()[:-1]
    headers = {"Content-Type": "application/fhir+json"}
    number = nurse.post("/fhir/Goal", content=rest + b',"target":' + target + b"}", headers=headers).json()[
        "id"
    ]
    new = b'{"measure":{"text":"y"},"detailQuantity":{"value":2.50}}'
    more = (
        b'[{"op":"copy","from":"/target/0","path":"/target/-"},{"op":"add","path":"/target/-","value":%s}]'
        % new
    )
    answer = nurse.patch(
        f"/fhir/Goal/{number}", content=more, headers={"Content-Type": JSON, "If-Match": 'W/"1"'}
    )
    assert answer.status_code == 200, answer.text
    assert answer.content.count(b'"value":1.10') == 2
    assert b'"value":2.50' in answer.content


FHIRPATH = {
    "replaces a code": (
        operation("replace", "Goal.lifecycleStatus", value=("valueCode", "active")),
        "lifecycleStatus",
        "active",
    ),
    "adds an element": (
        operation("add", "Goal", name="startDate", value=("valueDate", "2026-11-22")),
        "startDate",
        "2026-11-22",
    ),
    "adds to a list": (
        operation("add", "Goal", name="note", value=("valueAnnotation", {"text": "tredje"})),
        "note",
        [{"text": "första"}, {"text": "andra"}, {"text": "tredje"}],
    ),
    "inserts into a list": (
        operation("insert", "Goal.note", index=0, value=("valueAnnotation", {"text": "allra först"})),
        "note",
        [{"text": "allra först"}, {"text": "första"}, {"text": "andra"}],
    ),
    "deletes what a comparison finds": (
        operation("delete", "Goal.note.where(text = 'första')"),
        "note",
        [{"text": "andra"}],
    ),
    "deletes by place": (operation("delete", "Goal.note[1]"), "note", [{"text": "första"}]),
    "moves within a list": (
        operation("move", "Goal.note", source=1, destination=0),
        "note",
        [{"text": "andra"}, {"text": "första"}],
    ),
    "replaces deep within": (
        operation("replace", "Goal.note.last().text", value=("valueMarkdown", "sist")),
        "note",
        [{"text": "första"}, {"text": "sist"}],
    ),
    "adds a group made of parts": (
        operation("add", "Goal", name="target", value=[{"name": "dueDate", "valueDate": "2027-01-01"}]),
        "target",
        [{"dueDate": "2027-01-01"}],
    ),
    "deletes what is not there": (operation("delete", "Goal.startDate"), "startDate", None),
}


@pytest.mark.parametrize("name", FHIRPATH)
def test_a_fhirpath_patch(nurse: httpx2.Client, person: str, name: str) -> None:
    change, element, wanted = FHIRPATH[name]
    number = made(nurse, person, note=[{"text": "första"}, {"text": "andra"}])
    answer = patched(nurse, number, parameters(change))
    assert answer.status_code == 200, answer.text
    assert answer.json().get(element) == wanted


REFUSED = {
    "a test that fails": ([{"op": "test", "path": "/lifecycleStatus", "value": "active"}], 422),
    "a path that leads nowhere": ([{"op": "remove", "path": "/nothing/here"}], 422),
    "an operation that is none": ([{"op": "banana", "path": "/x"}], 400),
    "no operations": ([], 400),
    "too many operations": ([{"op": "test", "path": "/resourceType", "value": "Goal"}] * 101, 400),
    "a result that is no Goal": ([{"op": "replace", "path": "/lifecycleStatus", "value": "banana"}], 422),
    "another id": ([{"op": "replace", "path": "/id", "value": "other"}], 400),
    "another person": ([{"op": "replace", "path": "/subject/reference", "value": "Patient/x"}], 422),
    "growth without end": (
        [{"op": "add", "path": "/note", "value": [{"text": "x" * 1000}]}]
        + [{"op": "copy", "from": "/note", "path": "/note/-"}] * 40,
        422,
    ),
    "a whole that is no resource": ([{"op": "replace", "path": "", "value": 1}], 422),
    "no type": (parameters({"name": "operation", "part": [{"name": "path", "valueString": "Goal"}]}), 400),
    "a function that is not understood": (parameters(operation("delete", "Goal.note.trace('x')")), 400),
    "a path of another type": (parameters(operation("delete", "Patient.name")), 400),
    "an element that is none": (parameters(operation("add", "Goal", name="banana", value=("valueCode", "x"))), 422),
    "several at once": (parameters(operation("delete", "Goal.identifier")), 422),
    "no Parameters": ({"resourceType": "Goal"}, 400),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    nurse: httpx2.Client, person: str, name: str
) -> None:
    change, status = REFUSED[name]
    number = made(nurse, person, identifier=[{"value": "1"}, {"value": "2"}])
    answer = patched(nurse, number, change)
    assert answer.status_code == status, answer.text[:400]
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert nurse.get(f"/fhir/Goal/{number}").headers["etag"] == 'W/"1"'


def test_a_patch_says_which_version_it_means(nurse: httpx2.Client, person: str) -> None:
    number = made(nurse, person)
    change = [{"op": "add", "path": "/startDate", "value": "2026-11-22"}]
    bare = nurse.patch(f"/fhir/Goal/{number}", json=change, headers={"Content-Type": JSON})
    assert bare.status_code == 428
    assert patched(nurse, number, change, 9).status_code == 412


def test_other_media_types_are_refused(nurse: httpx2.Client, person: str) -> None:
    number = made(nurse, person)
    for media in ("application/xml-patch+xml", "text/plain", "application/merge-patch+json"):
        headers = {"Content-Type": media, "If-Match": 'W/"1"'}
        assert nurse.patch(f"/fhir/Goal/{number}", content=b"[]", headers=headers).status_code == 415


def test_an_outsider_learns_nothing_by_patching(
    nurse: httpx2.Client, doctor: httpx2.Client, person: str
) -> None:
    number = made(nurse, person)
    change = [{"op": "test", "path": "/lifecycleStatus", "value": "proposed"}]
    hidden, absent = patched(doctor, number, change), patched(doctor, "absent", change)
    assert (hidden.status_code, absent.status_code) == (404, 404)


def test_a_patch_by_criteria_changes_the_one_it_finds(nurse: httpx2.Client, person: str) -> None:
    value = uuid.uuid4().hex
    number = made(nurse, person, identifier=[{"system": "https://ehr.example", "value": value}])
    change = [{"op": "add", "path": "/startDate", "value": "2026-11-22"}]
    address, headers = f"/fhir/Goal?identifier=https://ehr.example|{value}", {"Content-Type": JSON}
    answer = nurse.patch(address, json=change, headers=headers)
    assert (answer.status_code, answer.json()["id"]) == (200, number)
    assert nurse.patch("/fhir/Goal?identifier=x|nothing", json=change, headers=headers).status_code == 412
