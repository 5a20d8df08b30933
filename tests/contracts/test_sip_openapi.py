"""The description of /api/v1 that is kept is the one the code gives."""

import json
from typing import Any

from services.sip.api.openapi import PLACE, description

HINT = "run: make openapi"


def operations() -> list[dict[str, Any]]:
    described = json.loads(description())
    return [one for path in described["paths"].values() for one in path.values()]


def test_the_kept_description_is_the_newest() -> None:
    assert PLACE.read_bytes() == description(), HINT


def test_every_call_is_named_by_what_it_does_and_says_more_in_a_sentence() -> None:
    names = [one["operationId"] for one in operations()]

    assert len(names) == len(set(names))
    assert all(one["description"].endswith(".") for one in operations())
    assert all(one["tags"] for one in operations())


def test_every_call_asks_for_a_token_and_tells_failures_as_problems() -> None:
    for one in operations():
        assert one["security"] == [{"HTTPBearer": []}]
        assert list(one["responses"]["default"]["content"]) == ["application/problem+json"]
        assert "422" not in one["responses"]


def test_every_change_of_a_plan_asks_which_version_was_seen() -> None:
    described = json.loads(description())
    changing = [
        operation
        for path, methods in described["paths"].items()
        if path.startswith("/api/v1/plans/{id}/") and not path.endswith("/calls")
        for operation in methods.values()
    ]

    assert len(changing) == 11
    for operation in changing:
        assert {"If-Match"} <= {one["name"] for one in operation["parameters"] if one["required"]}
