"""May the caller: scope by scope, each refusal with its reason."""

from services.chassis.principal import Principal
from services.sip.domain.access import covered_by_scope

RESIDENT = Principal("p", "app", scopes=("patient/*.rs",), patient="p")
STAFF = Principal("e", "journal", scopes=("patient/*.cruds",), unit="SE-unit", giver="SE", patient="p")


def test_the_person_reads_by_patient_level_scopes() -> None:
    assert covered_by_scope(RESIDENT, "CarePlan", "r").allowed
    assert not covered_by_scope(RESIDENT, "CarePlan", "u").allowed


def test_staff_do_not_reach_their_other_patients_by_a_scope_for_one() -> None:
    for letter in ("c", "r", "u", "d", "s"):
        decision = covered_by_scope(STAFF, "CarePlan", letter)
        assert not decision.allowed
        assert (
            decision.reason == f"patient-level scopes are the person's own; staff need user/CarePlan.{letter}"
        )


def test_a_user_level_scope_beside_it_counts() -> None:
    both = Principal("e", "journal", scopes=("patient/*.rs", "user/Task.r"), unit="SE-unit", giver="SE")
    assert covered_by_scope(both, "Task", "r").allowed
    assert not covered_by_scope(both, "Goal", "r").allowed
