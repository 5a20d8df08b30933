"""The description of /fhir that is kept is the one the table of interactions gives."""

import json

from services.sip.fhir.openapi import PLACE, description

HINT = "run: .venv/bin/python -m services.sip.fhir.openapi"


def test_the_kept_description_is_the_newest() -> None:
    assert PLACE.read_bytes() == description(), HINT


def test_every_call_has_a_name_of_its_own_and_tells_refusals_as_outcomes() -> None:
    operations = [one for path in json.loads(description())["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names))
    for one in operations:
        assert one["responses"]["4XX"] == {"$ref": "#/components/responses/Outcome"}


def test_every_change_of_a_resource_by_id_says_which_version() -> None:
    paths = json.loads(description())["paths"]
    changing = [
        operation
        for path, methods in paths.items()
        if path.endswith("/{id}")
        for method, operation in methods.items()
        if method in {"put", "patch", "delete"}
    ]
    assert changing
    for one in changing:
        assert {"If-Match"} <= {given["name"] for given in one["parameters"] if given["required"]}
