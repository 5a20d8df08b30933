"""Who may open a record in an emergency, and what that opens."""

from datetime import UTC, datetime, timedelta

import pytest

from services.sip.domain.blocks import Block
from services.sip.domain.codes import HEALTH_CARE_UNIT_KINDS, SOCIAL_SERVICE_UNIT_KINDS
from services.sip.domain.emergency import CARE, LASTS, Opening, may_open, outcome_of, rights_of
from services.sip.domain.held import ALWAYS, FOREVER, Held, Place, Reader

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
UNTIL = NOW + LASTS
OPENING = Opening(Reader("SE-ward", NOW, UNTIL), "SE-region")
OWN = Held("Task/own", 1, {}, "Patient/p", Place("SE-centre", "SE-region"))
OTHERS = Held("Task/others", 1, {}, "Patient/p", Place("SE-nursing", "SE-town"))
INNER = [Block((ALWAYS, FOREVER), unit="SE-centre"), Block((ALWAYS, FOREVER), unit="SE-nursing")]
OUTER = [Block((ALWAYS, FOREVER), giver="SE-town")]


@pytest.mark.parametrize("kind", HEALTH_CARE_UNIT_KINDS)
def test_a_care_giver_may_on_an_assignment_for_care(kind: str) -> None:
    assert may_open({kind}, CARE).allowed
    assert not may_open({kind}, "Administration").allowed
    assert not may_open({kind}, None).allowed


@pytest.mark.parametrize("kinds", [*({one} for one in SOCIAL_SERVICE_UNIT_KINDS), set()])
def test_the_social_services_never_may(kinds: set[str]) -> None:
    decision = may_open(kinds, CARE)
    assert not decision.allowed
    assert decision.reason == "emergency access is for care givers alone"


def test_an_inner_block_of_the_own_care_giver_yields() -> None:
    assert [*rights_of(OPENING, OWN, INNER)] == [OPENING.right]


@pytest.mark.parametrize("blocks", [INNER, OUTER])
def test_another_care_givers_block_withstands_until_it_is_lifted(blocks: list[Block]) -> None:
    assert not any(one.holds_at(NOW) for one in rights_of(OPENING, OTHERS, blocks))
    later = NOW + timedelta(hours=1)
    lifted = Opening(OPENING.right, OPENING.giver, {"SE-town": later})
    rights = [*rights_of(lifted, OTHERS, blocks)]
    assert Reader("SE-ward", later, UNTIL) in rights
    assert not any(one.holds_at(NOW) or one.holds_at(UNTIL) for one in rights)
    elsewhere = Opening(OPENING.right, OPENING.giver, {"SE-other": later})
    assert not any(one.holds_at(later) for one in rights_of(elsewhere, OTHERS, blocks))


def test_a_block_that_is_over_when_the_emergency_begins_shuts_nothing() -> None:
    over = [Block((ALWAYS, NOW), giver="SE-town")]
    assert any(one.holds_at(NOW) for one in rights_of(OPENING, OTHERS, over))


def test_who_somebody_is_and_who_is_near_no_block_shuts() -> None:
    for kind in ("Patient", "RelatedPerson"):
        one = Held(f"{kind}/1", 1, {}, "Patient/p", OTHERS.own)
        assert [*rights_of(OPENING, one, [*INNER, *OUTER])] == [OPENING.right]


def test_it_is_told_whose_data_was_opened_and_whose_stays_blocked() -> None:
    seen = Held("Task/seen", 1, {}, "Patient/p", Place("SE-x", "SE-x"), readers=(Reader("SE-ward"),))
    record = {one.key: one for one in (OWN, OTHERS, seen)}
    outcome = outcome_of(OPENING, record, OUTER, NOW)
    assert outcome.opened == {"SE-region"}
    assert outcome.blocked == {"SE-town"}
    assert outcome.blocked_units == {"SE-nursing"}
    assert outcome_of(OPENING, record, [], NOW).opened == {"SE-region", "SE-town"}
