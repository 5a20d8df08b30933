"""References found and rewritten."""

from typing import Any

from services.sip.domain.references import keys_referred_to, local_key, make_local

BASE = "https://samplan.test/fhir"


def test_an_absolute_address_of_our_own_is_a_local_reference() -> None:
    assert local_key(f"{BASE}/Patient/1", BASE) == "Patient/1"


def test_an_address_elsewhere_is_not() -> None:
    assert local_key("https://other.test/fhir/Patient/1", BASE) is None


def test_a_version_in_a_reference_does_not_hide_the_resource() -> None:
    assert local_key("Patient/1/_history/3") == "Patient/1"


def test_references_are_found_at_any_depth() -> None:
    resource = {"a": [{"b": {"reference": "Goal/1"}}, {"reference": "#contained"}], "reference": "Task/2"}
    assert keys_referred_to(resource) == {"Goal/1", "Task/2"}


def test_entries_of_a_bundle_find_each_other_and_lost_ones_are_named() -> None:
    resource: dict[str, Any] = {
        "goal": [{"reference": "urn:uuid:a"}, {"reference": "urn:uuid:b"}],
        "subject": {"reference": f"{BASE}/Patient/1"},
    }
    assert make_local(resource, {"urn:uuid:a": "Goal/7"}, BASE) == ["urn:uuid:b"]
    assert resource["goal"][0] == {"reference": "Goal/7"}
    assert resource["subject"] == {"reference": "Patient/1"}
