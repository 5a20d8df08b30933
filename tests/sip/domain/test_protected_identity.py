"""What is masked of somebody with protected identity, and that what is left is sound."""

from typing import Any

import orjson
import pytest

from services.chassis.principal import Principal
from services.sip.domain.protected_identity import is_protected, masked, sees_all, shielded
from services.sip.domain.shape import shape_issues

PLACE = {"line": ["Hemliga gatan 7"], "city": "Undanby"}
LABEL = {"meta": {"security": [{"code": "sekretessmarkering"}]}}
PATIENT: dict[str, Any] = {
    "resourceType": "Patient", **LABEL, "address": [PLACE], "telecom": [{"system": "phone", "value": "070"}],
    "name": [{"family": "Tolvansson"}], "birthDate": "1950-01-01",
    "contact": [{"address": PLACE}, {"name": {"family": "Nära"}, "telecom": [{"system": "sms", "value": "070"}]}],
    "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueAddress": PLACE}],
    "contained": [{"resourceType": "Organization", "id": "a", "name": "Skola", "address": [PLACE]}],
    "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Undanby</div>'},
}  # fmt: skip


def test_nothing_that_tells_a_place_is_left_and_the_rest_is() -> None:
    shown = masked(PATIENT)
    assert not any(word in orjson.dumps(shown) for word in (b"Hemliga", b"Undanby", b"070"))
    assert shown["name"] == PATIENT["name"]
    assert shown["contact"] == [{"name": {"family": "Nära"}}]
    assert "extension" not in shown


def test_what_is_shown_is_sound_fhir_and_says_that_it_is_masked() -> None:
    shown = masked({name: value for name, value in PATIENT.items() if name != "contained"})
    assert [one.text for one in shape_issues(shown) if one.severity == "error"] == []
    assert [one["code"] for one in shown["meta"]["security"]] == ["sekretessmarkering", "MASKED"]
    assert PATIENT["meta"]["security"] == LABEL["meta"]["security"]  # what is stored stays as it was


@pytest.mark.parametrize("code", ["sekretessmarkering", "skyddadFolkbokforing"])
def test_a_label_protects_whatever_system_it_stands_under(code: str) -> None:
    assert is_protected({"meta": {"security": [{"system": "urn:anything", "code": code}]}})
    assert is_protected({"meta": {"security": [{"code": "R"}, {"code": code}]}})


@pytest.mark.parametrize(
    "meta", [{}, {"security": []}, {"security": [{"code": "R"}]}, {"tag": [{"code": "R"}]}]
)
def test_other_labels_protect_nobody(meta: dict[str, Any]) -> None:
    assert not is_protected({"meta": meta})
    assert not is_protected(None)


def test_relatives_are_masked_with_the_person_and_the_plan_is_not() -> None:
    assert shielded({"resourceType": "RelatedPerson"}, PATIENT)
    assert shielded({"resourceType": "RelatedPerson", **LABEL}, {})
    assert not shielded({"resourceType": "RelatedPerson"}, {})
    assert not shielded({"resourceType": "CarePlan"}, PATIENT)


@pytest.mark.parametrize(
    ("scopes", "whole"),
    [
        (("user/*.cruds",), False),
        (("user/protected-identity.r",), True),
        (("user/protected-identity.u",), False),
    ],
)
def test_only_a_scope_that_names_it_lets_staff_see_all(scopes: tuple[str, ...], whole: bool) -> None:  # noqa: FBT001 - a table's column
    assert sees_all(Principal("a", "b", scopes=scopes, unit="SE-unit")) is whole
    assert not sees_all(Principal("a", "b", scopes=scopes, patient="p"))
