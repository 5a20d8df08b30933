"""How long what is kept."""

from datetime import UTC, datetime, timedelta

import pytest

from services.sip.domain.held import Held, Place
from services.sip.domain.retention import YEAR, Ground, Kept, Retention, Terms, ground_of, what_is_over

NOW = datetime(2040, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def kept(key: str, years: float, ground: Ground, giver: str = "SE-a", refers: str = "") -> Kept:
    resource = {
        "resourceType": key.partition("/")[0],
        **({"basedOn": [{"reference": refers}]} if refers else {}),
    }
    return Kept(Held(key, 1, resource, "Patient/p", Place(f"{giver}-1", giver)), NOW - years * YEAR, ground)


def over(*some: Kept, **terms: int) -> set[str]:
    going, _ = what_is_over({one.held.key: one for one in some}, NOW, Retention(Terms(**terms)))
    return {key for one in going for key in one.keys}


def test_a_health_record_is_kept_ten_years_after_its_last_note() -> None:
    assert over(kept("Goal/1", 9.99, "health"), kept("Goal/2", 30, "health")) == set()
    assert over(kept("Goal/1", 10.01, "health"), kept("Goal/2", 30, "health")) == {"Goal/1", "Goal/2"}


def test_a_social_service_record_goes_five_years_after_its_last_note() -> None:
    assert over(kept("Goal/1", 4.99, "social")) == set()
    assert over(kept("Goal/1", 5.01, "social"), kept("Goal/2", 5.01, "health")) == {"Goal/1"}


def test_each_party_counts_from_its_own_last_note() -> None:
    assert over(kept("Goal/1", 11, "health"), kept("Goal/2", 1, "health", "SE-b")) == {"Goal/1"}


def test_what_is_referred_to_from_what_stays_waits_and_so_does_what_that_refers_to() -> None:
    record = {
        one.held.key: one
        for one in (
            kept("Task/1", 1, "health", "SE-a", refers="Task/2"),
            kept("Task/2", 20, "health", "SE-b", refers="Task/3"),
            kept("Task/3", 20, "health", "SE-c"),
            kept("Task/4", 20, "health", "SE-d"),
        )
    }
    going, waiting = what_is_over(record, NOW, Retention())
    assert {key for one in going for key in one.keys} == {"Task/4"}
    assert {key for one in waiting for key in one.keys} == {"Task/2", "Task/3"}


def test_the_person_stays_while_anything_does_and_by_the_longer_term() -> None:
    person = kept("Patient/p", 7, "social")
    assert over(person, kept("Goal/1", 6, "social")) == {"Goal/1"}
    old = kept("Patient/p", 11, "social")
    assert over(old, kept("Goal/1", 11, "social")) == {"Goal/1", "Patient/p"}
    assert over(old, kept("Goal/1", 1, "social")) == set()


def test_no_term_keeps_the_log_for_less_than_five_years() -> None:
    assert Terms(log=1).log_cutoff(NOW) == NOW - 5 * YEAR
    assert Terms(log=12).log_cutoff(NOW) == NOW - 12 * YEAR


@pytest.mark.parametrize("kinds", [set(), {"primary-care"}, {"home-care", "municipal-nursing"}, {"unknown"}])
def test_in_doubt_the_longer_term_holds(kinds: set[str]) -> None:
    assert ground_of(kinds) == "health"
    assert ground_of({"home-care"}) == "social"


def test_what_may_be_over_under_anybodys_terms_is_looked_at() -> None:
    assert Retention(Terms(), {"SE-b": Terms(social=20)}).earliest(NOW) == NOW - 5 * YEAR
