"""Personas: people who really work in the generated county, with no more rights than they need."""

import pytest

from services.chassis.scopes import allows
from services.demo.county.loads import SEED
from services.demo.county.staff import staff
from services.demo.county.units import GIVERS, UNITS, Unit
from services.demo.personas import PERSONAS, SYSTEM_OF_GIVER, clients, persona

ROLES = {
    "region-gp": "doctor",
    "municipal-nurse": "nurse",
    "home-care": "assistant-nurse",
    "other-region": "doctor",
    "privacy-officer": "privacy-officer",
}


def test_the_personas_are_those_of_the_design() -> None:
    assert {one.name for one in PERSONAS} == {*ROLES, "resident", "monitor", "ehr-system"}


@pytest.mark.parametrize(("name", "role"), ROLES.items())
def test_a_member_of_staff_is_employed_where_the_token_says(name: str, role: str) -> None:
    claims = clients()[name].claims
    employee = next(one for one in staff(SEED) if one.hsa == claims["employeeHsaId"])

    assert employee.role == role
    assert employee.unit.hsa == claims["healthcareUnitHsaId"]
    assert employee.unit.giver.hsa == claims["healthcareProviderHsaId"]


@pytest.mark.parametrize("unit", UNITS, ids=[unit.name for unit in UNITS])
def test_every_unit_has_a_system_that_may_act_for_it_alone(unit: Unit) -> None:
    systems = [client.client_id for client in clients().values() if unit.hsa in client.units]

    assert systems == [SYSTEM_OF_GIVER[unit.giver.hsa]]


def test_every_care_giver_has_a_system_of_its_own() -> None:
    assert {giver.hsa for giver in GIVERS} == SYSTEM_OF_GIVER.keys()
    assert len(set(SYSTEM_OF_GIVER.values())) == len(GIVERS)


@pytest.mark.parametrize("name", ["resident", "privacy-officer", "monitor"])
def test_who_does_not_care_for_anybody_writes_nothing(name: str) -> None:
    known = persona(name)

    assert known
    assert not any(allows(known.client.scopes, "CarePlan", letter) for letter in ("c", "u", "d"))


def test_the_services_may_do_the_one_thing_they_ask_of_each_other() -> None:
    assert clients()["samplan-sip"].scopes == ("system/event.c",)
    assert clients()["samplan-notify"].scopes == ("system/right-to-know.c",)
