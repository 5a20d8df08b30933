"""R4's official examples go in through the API, come back equal in meaning, and are found by R4's own parameters.

An example speaks of others: those of a served type are put in place, empty; those of types that are not served are
taken to be on another server, and the reference becomes the address there. What is part of a person's record and names
nobody is given a person. What is refused all the same stands in tests/refused_examples.csv with rule and reason.
"""

import csv
import json
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from services.sip.domain.references import local_key, reference_nodes
from services.sip.domain.resource_types import TYPES
from services.sip.fhir.interactions import WRITTEN
from tests.sip.domain.shape.samples import node_of
from tests.sip.fhir.conftest import Sip

HERE: Final = Path(__file__).resolve()
FOLDERS: Final = [parent / "shared" / "data" / "r4-examples" for parent in HERE.parents]
EXAMPLES: Final = {
    path.stem: json.loads(path.read_bytes())
    for folder in FOLDERS
    if folder.is_dir()
    for path in sorted(folder.glob("*.json"))
}
OF_SERVED: Final = {name: one for name, one in EXAMPLES.items() if one["resourceType"] in WRITTEN}
EXAMPLES_BASE: Final = "http://hl7.org/fhir/"
ELSEWHERE: Final = "https://examples.example/fhir/"
PERSON_OF: Final = {"Observation": "subject", "Task": "for", "Provenance": "target"}
"""Where a person is given to an example that names none: R4 allows that, a record of a person does not (PDL 3:1)."""
Json = dict[str, Any]
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not EXAMPLES, reason="the official examples (shared/data/r4-examples) are not here"),
]


def refused() -> dict[str, str]:
    with (HERE.parents[1] / "refused_examples.csv").open(encoding="utf-8", newline="") as lines:
        return {line["example"]: line["rule"] for line in csv.DictReader(lines)}


def urn(key: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, key)}"


def give_person(own: Json, subject: Json) -> None:
    """Add the person where an example names none."""
    given = PERSON_OF.get(own["resourceType"])
    if given == "target" and all(one["reference"].startswith("http") for one in own["target"]):
        own["target"].append(subject)
    elif given in {"subject", "for"} and given not in own:
        own[given] = subject


def with_what_it_speaks_of(name: str, example: Json) -> Json:
    """Make the transaction that stores an example after the resources that it needs."""
    own = json.loads(json.dumps(example))
    stubs: dict[str, Json] = {}
    for node in reference_nodes(own):
        key = local_key(node["reference"], EXAMPLES_BASE)
        if key is None:
            continue
        kind = key.partition("/")[0]
        if kind in WRITTEN:
            stubs[key] = node_of(kind)
        node["reference"] = urn(f"{name} {key}") if kind in WRITTEN else ELSEWHERE + key
    person = next((key for key in stubs if key.startswith("Patient/")), "Patient/nobody")
    subject = {"reference": urn(f"{name} {person}")}
    if (stubs or PERSON_OF.get(own["resourceType"])) and own["resourceType"] not in {
        "Patient",
        "Organization",
    }:
        stubs.setdefault(person, node_of("Patient"))
    for stub in stubs.values():
        stub |= {path: subject for path in TYPES[stub["resourceType"]].person if "." not in path}
        if stub["resourceType"] == "Appointment":
            stub["participant"] = [{"actor": subject, "status": "accepted"}]
    give_person(own, subject)
    entries = [(urn(f"{name} {key}"), stub) for key, stub in stubs.items()] + [(urn(name), own)]
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"fullUrl": url, "resource": one, "request": {"method": "POST", "url": one["resourceType"]}}
            for url, one in entries
        ],
    }


@pytest.fixture(scope="module")
def client(sip: Sip) -> Iterator[httpx2.Client]:
    with sip.client("SE-K-unit") as one:
        yield one


@pytest.fixture(scope="module")
def stored(client: httpx2.Client) -> dict[str, Json]:
    """Store all that are taken; gives them as they were sent, with the ids that they got."""
    kept: dict[str, Json] = {}
    for name, example in OF_SERVED.items():
        bundle = with_what_it_speaks_of(name, example)
        answer = client.post("/fhir", json=bundle, headers={"Prefer": "return=minimal"})
        if answer.status_code != 200:
            continue
        locations = [one["response"]["location"] for one in answer.json()["entry"]]
        keys = ["/".join(one.split("/")[-4:-2]) for one in locations]
        given = {entry["fullUrl"]: key for entry, key in zip(bundle["entry"], keys, strict=True)}
        own = bundle["entry"][-1]["resource"]
        for node in reference_nodes(own):
            node["reference"] = given.get(node["reference"], node["reference"])
        kept[name] = own | {"id": keys[-1].partition("/")[2]}
    return kept


def test_all_are_taken_but_those_whose_rule_and_reason_are_listed(
    client: httpx2.Client, stored: dict[str, Json]
) -> None:
    rules: dict[str, str] = {}
    for name in OF_SERVED.keys() - stored.keys():
        answer = client.post("/fhir", json=with_what_it_speaks_of(name, OF_SERVED[name]))
        issue = answer.json()["issue"][0]
        rules[name] = next((one["code"] for one in issue["details"].get("coding", ())), issue["code"])
    assert rules == refused()
    assert len(rules) <= len(OF_SERVED) / 10


def test_each_comes_back_as_it_was_sent(client: httpx2.Client, stored: dict[str, Json]) -> None:
    for name, sent in stored.items():
        found = client.get(f"/fhir/{sent['resourceType']}/{sent['id']}").json()
        for one in (sent, found):
            for own in ("versionId", "lastUpdated"):
                one.get("meta", {}).pop(own, None)
            if not one.get("meta", True):
                del one["meta"]
        assert found == sent, name


def test_each_is_found_by_its_search_parameters(client: httpx2.Client, stored: dict[str, Json]) -> None:
    declared = {
        one["type"]: [param["name"] for param in one["searchParam"]]
        for one in client.get("/fhir/metadata").json()["rest"][0]["resource"]
    }
    asked = [{"resource": one, "params": declared[one["resourceType"]]} for one in stored.values()]
    done = subprocess.run(
        ["node", str(HERE.with_name("values.mjs"))],
        input=json.dumps(asked), capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    missed, seen = [], set()
    for (name, one), values in zip(stored.items(), json.loads(done.stdout), strict=True):
        kind = one["resourceType"]
        for param, value in values:
            answer = client.get(f"/fhir/{kind}", params={param: value, "_id": one["id"]})
            seen.add((kind, param))
            if answer.status_code != 200 or len(answer.json().get("entry", ())) != 1:
                missed.append((name, param, value, answer.status_code))
    assert missed == []
    assert len(seen) > 100, seen


def test_a_type_that_is_not_served_is_told(client: httpx2.Client) -> None:
    for name, example in EXAMPLES.items():
        kind = example["resourceType"]
        if kind not in TYPES and kind != "Subscription":  # that one is notify's
            answer = client.post(f"/fhir/{kind}", json=example)
            assert (answer.status_code, answer.json()["issue"][0]["code"]) == (404, "not-supported"), name
