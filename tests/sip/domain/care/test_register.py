"""The register of contacts: gaps that are stated, further roles, the setting, ways to reach somebody, handing over."""

from typing import Any

import pytest

from services.sip.domain import codes
from services.sip.domain.care import AgreedPractice
from services.sip.domain.care.contact.codes import (
    CONTACT_ROLE,
    EXT_FOLLOWS,
    EXT_GAP,
    EXT_HANDOVER,
    EXT_HOURS,
    EXT_VIA_TEAM,
    PASSED_ON,
)
from services.sip.domain.care.contact.endings import step
from services.sip.domain.care.contact.kinds import kinds
from services.sip.domain.codes import Code
from tests.sip.domain.care.county import DOCTOR, HEALTH_CENTRE, NURSE, RESIDENTIAL_NURSE, RETIRED_DOCTOR
from tests.sip.domain.care.scenarios import Resource, a_person, changed, judged, rules, stored, to
from tests.sip.domain.care.test_contact import CARE, EARLIER, HOME, LATER, a_contact, why, with_contact

KONTAKTSJUKSKOTERSKA = Code(CONTACT_ROLE, "kontaktsjukskoterska")


def held_by(role: str, kind: Code) -> dict[str, Any]:
    return {"participant": [{"role": [kind.concept()], "member": to(role)}]}


def gap(reason: str) -> Resource:
    return {"url": EXT_GAP, "valueCodeableConcept": Code(codes.CONTACT_CHANGE_REASON, reason).concept()}


def ended(reason: str) -> dict[str, Any]:
    period = {"start": "2025-01-01", "end": "2025-06-01"}
    return {"status": "inactive", "period": period, "extension": [step("ended", "2025-06-01", reason)]}


def test_a_gap_is_stated_with_its_reason() -> None:
    record = with_contact(**ended("staff-left"))
    later = a_contact(LATER, start="2025-09-01", reasonCode=why("other"))

    [found] = judged(record, later)

    assert (found.rule, found.basis) == ("contact-gap", "agreed practice: setting contact_gaps_stated")
    assert EARLIER in found.text
    assert judged(record, later | {"extension": [gap("recruiting")]}) == []
    assert judged(record, later | {"period": {"start": "2025-06-01"}}) == []
    assert judged(record, later, agreed=AgreedPractice(contact_gaps_stated=False)) == []


@pytest.mark.parametrize("reason", ["not-needed", "persons-wish-none"])
def test_an_end_that_says_that_nobody_follows_has_stated_the_gap(reason: str) -> None:
    assert (
        judged(with_contact(**ended(reason)), a_contact(LATER, start="2025-09-01", reasonCode=why("other")))
        == []
    )


def test_of_fasta_vardkontakter_there_may_be_none_for_a_while() -> None:
    assert judged(with_contact(CARE, **ended("other")), a_contact(LATER, CARE, "2025-09-01")) == []


def test_a_contact_follows_one_of_its_kind_that_is_there() -> None:
    record = with_contact(HOME)
    following = {"url": EXT_FOLLOWS, "valueReference": to(EARLIER)}

    assert rules(judged(record, a_contact(LATER, CARE, "2026-03-01", extension=[following]))) == [
        "contact-follows-unknown"
    ]


def test_of_several_of_a_kind_the_one_that_is_followed_ends_and_says_why() -> None:
    record = stored(with_contact(CARE), a_contact("CareTeam/other", CARE, "2025-07-01"))
    following = {"url": EXT_FOLLOWS, "valueReference": to(EARLIER)}
    later = a_contact(LATER, CARE, "2026-03-01", extension=[following])

    assert rules(judged(record, later)) == ["contact-change-reason"]
    after = stored(record, later | {"reasonCode": why("staff-left")})
    assert [after[key]["status"] for key in (EARLIER, "CareTeam/other", LATER)] == [
        "inactive",
        "active",
        "active",
    ]
    assert after[EARLIER]["extension"] == [step("ended", "2026-03-01", "staff-left")]


def test_a_kontaktsjukskoterska_is_a_nurse() -> None:
    def one(holder: str) -> Resource:
        return a_contact(EARLIER) | held_by(holder, KONTAKTSJUKSKOTERSKA)

    assert judged(a_person(), one(NURSE)) == []
    assert rules(judged(a_person(), one(DOCTOR))) == ["contact-title"]


def test_what_the_data_says_of_further_roles_is_what_is_asked() -> None:
    role = kinds()["rehabkoordinator"]

    record = stored(a_person(), a_contact(EARLIER) | held_by(NURSE, role.code))
    after = stored(
        record, a_contact(LATER, start="2026-03-01", reasonCode=why("moved")) | held_by(NURSE, role.code)
    )

    assert after[EARLIER]["status"] == "inactive"
    assert role.one_because.startswith("lag (2019:1297)")


def test_a_kind_has_one_word_and_one_code() -> None:
    every = list(kinds().values())

    assert len({one.slug for one in every}) == len({one.code.code for one in every}) == len(every) >= 7


def test_sarskilt_boende_has_a_fast_omsorgskontakt_where_the_setting_says_so() -> None:
    contact = a_contact(EARLIER, HOME) | held_by(RESIDENTIAL_NURSE, HOME)

    [found] = judged(a_person(), contact)

    assert (found.rule, found.basis) == ("contact-care-setting", "SoL 10 kap. 7 §")
    assert judged(a_person(), contact, agreed=AgreedPractice(care_contact_in_residential_care=True)) == []


def test_who_has_left_is_not_appointed() -> None:
    contact = a_contact(EARLIER) | held_by(RETIRED_DOCTOR, codes.FIXED_DOCTOR)

    assert rules(judged(a_person(), contact)) == ["contact-holder-left"]
    past = {"status": "inactive", "period": {"start": "2019-01-01", "end": "2020-01-01"}}
    assert judged(a_person(), contact | past) == []


def hours(day: str, since: str, until: str) -> Resource:
    parts = [
        {"url": "day", "valueCode": day},
        {"url": "from", "valueTime": since},
        {"url": "until", "valueTime": until},
    ]
    return {"url": EXT_HOURS, "extension": parts}


@pytest.mark.parametrize(
    ("written", "flaws"),
    [
        (hours("mon", "08:00:00", "16:30:00"), []),
        (hours("mon", "16:00:00", "08:00:00"), ["contact-hours"]),
        (hours("monday", "08:00:00", "16:00:00"), ["contact-hours"]),
        ({"url": EXT_HOURS}, ["contact-hours"]),
    ],
)
def test_hours_that_cannot_be_kept_are_refused(written: Resource, flaws: list[str]) -> None:
    phone = {"system": "phone", "value": "0321-00 00 00", "extension": [written]}

    assert rules(judged(a_person(), a_contact(EARLIER, telecom=[phone]))) == flaws


@pytest.mark.parametrize(
    ("team", "flaws"),
    [
        (HEALTH_CENTRE, []),
        ("Organization/nowhere", ["contact-team-unknown"]),
        (NURSE, ["contact-team-unknown"]),
    ],
)
def test_the_team_by_which_a_contact_is_reached_is_known(team: str, flaws: list[str]) -> None:
    contact = a_contact(EARLIER)
    contact["participant"][0]["extension"] = [{"url": EXT_VIA_TEAM, "valueReference": to(team)}]

    assert rules(judged(a_person(), contact)) == flaws


@pytest.mark.parametrize(
    ("parts", "flaws"),
    [
        ([{"url": "toldAt", "valueDateTime": "2026-03-01"}], []),
        ([{"url": "passedOn", "valueCodeableConcept": Code(PASSED_ON, "medication").concept()}], []),
        (
            [{"url": "passedOn", "valueCodeableConcept": Code(PASSED_ON, "gossip").concept()}],
            ["contact-handover"],
        ),
        ([{"url": "text", "valueString": "…"}], ["contact-handover"]),
    ],
)
def test_a_handover_says_something(parts: list[Resource], flaws: list[str]) -> None:
    contact = a_contact(EARLIER, extension=[{"url": EXT_HANDOVER, "extension": parts}])

    assert rules(judged(a_person(), contact)) == flaws


def test_ways_and_handover_may_be_told_while_the_contact_holds() -> None:
    record = with_contact()
    told = {"url": EXT_HANDOVER, "extension": [{"url": "toldAt", "valueDateTime": "2026-03-01"}]}

    assert judged(record, changed(record, EARLIER, extension=[told])) == []
