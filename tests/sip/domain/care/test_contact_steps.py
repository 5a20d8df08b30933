"""Steps of a contact: offered, answered, appointed, ended, each with date and reason, in agreement with the status."""

import pytest

from services.sip.domain.care import AgreedPractice
from services.sip.domain.care.contact.codes import EXT_STEP
from services.sip.domain.care.contact.endings import step
from services.sip.domain.care.contact.steps import never_held, state_of
from tests.sip.domain.care.scenarios import PERSON, Record, Resource, a_person, changed, judged, rules, stored
from tests.sip.domain.care.test_contact import EARLIER, LATER, a_contact, why, with_contact

OFFER = step("offered", "2026-02-01", None)


def an_offer(**content: object) -> Resource:
    return a_contact(EARLIER, start=None, status="proposed", extension=[OFFER]) | content


def offered() -> Record:
    return stored(a_person(), an_offer())


def answered(state: str, reason: str | None = "persons-wish") -> Resource:
    answer = an_offer(status="inactive", extension=[OFFER, step(state, "2026-02-10", reason)])
    return {name: value for name, value in answer.items() if name != "period"}


@pytest.mark.parametrize("state", ["declined", "wanted-another"])
def test_an_offer_that_was_declined_never_held(state: str) -> None:
    after = stored(offered(), answered(state))

    assert (state_of(after[EARLIER]), never_held(after[EARLIER])) == (state, True)
    assert "generalPractitioner" not in after[PERSON]
    assert judged(after, a_contact(LATER, start="2026-03-01")) == []
    held = answered(state) | {"period": {"start": "2026-02-01", "end": "2026-02-10"}}
    assert rules(judged(offered(), held)) == ["contact-step"]


def test_an_offer_that_was_accepted_is_appointed_on_its_day() -> None:
    accepted = an_offer(extension=[OFFER, step("accepted", "2026-02-10", None)])
    record = stored(offered(), accepted)
    appointed = accepted | {
        "status": "active",
        "period": {"start": "2026-03-01"},
        "extension": [*accepted["extension"], step("appointed", "2026-03-01", "first")],
    }

    after = stored(record, appointed)

    assert (state_of(record[EARLIER]), state_of(after[EARLIER])) == ("accepted", "appointed")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        *(("active", state) for state in ("offered", "accepted", "declined", "wanted-another", "ended")),
        *(("proposed", state) for state in ("declined", "appointed", "stand-in", "ended")),
    ],
)
def test_the_last_step_and_the_status_say_the_same(status: str, state: str) -> None:
    contact = a_contact(EARLIER, status=status, extension=[step(state, "2026-02-01", "other")])

    assert "contact-step" in rules(judged(a_person(), contact))


def test_steps_stand_in_the_order_of_their_dates_and_are_complete() -> None:
    backwards = [step("offered", "2026-02-02", None), step("accepted", "2026-02-01", None)]
    unknown = {"url": EXT_STEP, "extension": [{"url": "state", "valueCode": "promised"}]}

    for steps in (backwards, [unknown], [OFFER, unknown]):
        assert rules(judged(a_person(), an_offer(extension=steps))) == ["contact-step"]


@pytest.mark.parametrize("steps", [[], [step("offered", "2026-01-01", None)]])
def test_a_step_taken_is_not_rewritten_or_left_out(steps: list[Resource]) -> None:
    assert "contact-steps-kept" in rules(judged(offered(), an_offer(extension=steps)))


@pytest.mark.parametrize("state", ["declined", "wanted-another"])
def test_declining_standing_in_and_ending_say_why(state: str) -> None:
    assert rules(judged(offered(), answered(state, None))) == ["contact-step-reason"]
    assert (
        judged(offered(), answered(state, None), agreed=AgreedPractice(contact_reason_required=False)) == []
    )


def test_an_end_without_successor_says_why() -> None:
    record = with_contact()
    over = changed(record, EARLIER, status="inactive", period={"start": "2025-06-01", "end": "2026-03-01"})

    assert rules(judged(record, over)) == ["contact-end-reason"]
    assert judged(record, over | {"extension": [step("ended", "2026-03-01", "not-needed")]}) == []
    # Who is followed that very moment needs no other reason than the one of the change.
    assert judged(record, over, a_contact(LATER, start="2026-03-01", reasonCode=why("moved"))) == []


def test_a_contact_without_steps_is_what_its_status_says() -> None:
    told = [
        state_of({"status": one})
        for one in ("proposed", "active", "suspended", "inactive", "entered-in-error")
    ]

    assert told == ["offered", "appointed", "appointed", "ended", "entered-in-error"]
