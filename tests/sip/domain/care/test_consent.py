"""Consents, waivers, objections and blocks: who gives them, on what law, for how long; given once."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sip.domain import codes
from services.sip.domain.care import AgreedPractice, violations
from services.sip.domain.codes import Code
from tests.sip.domain.care.county import HEALTH_CENTRE, HOME_NURSING, hsa_id
from tests.sip.domain.care.scenarios import (
    CONSENT,
    DAUGHTER,
    PERSON,
    Record,
    Resource,
    a_consent,
    a_person,
    changed,
    judged,
    of,
    rules,
    surroundings,
    to,
)

CHILD, TEENAGER, ADULT = "2015-05-01", "2010-05-01", "1940-05-01"
THIS_YEAR = {"start": "2026-01-10", "end": "2026-12-31"}
GUARDIAN = Code("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "GUARD")
LAW_OF = {
    "sip": codes.LAW_SOL_10_8,
    "shared-record": codes.LAW_SHARED_RECORD_CONSENT,
    "secrecy-waiver": codes.LAW_OSL_10_1,
    "objection": codes.LAW_SHARED_RECORD_OBJECTION,
    "block": codes.LAW_PDL_BLOCK,
}
BY_THE_PERSON = ["sip", "shared-record", "secrecy-waiver"]
AGAINST = ["objection", "block"]


def given_consent(category: str = "sip", **content: Any) -> Resource:
    concept = Code(codes.CONSENT_CATEGORY, category).concept()
    record = a_consent(category=[concept], policy=[{"uri": LAW_OF[category]}])
    record[CONSENT] |= {
        "provision": {"type": "permit" if category in BY_THE_PERSON else "deny", "period": THIS_YEAR}
    }
    return changed(record, CONSENT, **content)


@pytest.mark.parametrize("category", LAW_OF)
def test_a_person_gives_each_kind_of_consent(category: str) -> None:
    assert judged(a_person(), given_consent(category)) == []


@pytest.mark.parametrize("category", AGAINST)
def test_a_guardian_may_not_object_for_a_child(category: str) -> None:
    [found] = judged(a_person(CHILD), given_consent(category, performer=[to(DAUGHTER)]))

    assert (found.rule, found.basis) == (
        "consent-guardian-objects",
        "lag (2022:913) 2 kap. 3 §; PDL 4 kap. 4 §",
    )


@pytest.mark.parametrize("category", AGAINST)
def test_a_child_may_object_itself(category: str) -> None:
    assert judged(a_person(CHILD), given_consent(category)) == []


@pytest.mark.parametrize("category", AGAINST)
def test_an_adults_relative_may_bring_the_objection(category: str) -> None:
    assert judged(a_person(ADULT), given_consent(category, performer=[to(DAUGHTER)])) == []


@pytest.mark.parametrize(
    ("organization", "refused"), [(HEALTH_CENTRE, True), ("Organization/region", True), (HOME_NURSING, False)]
)
def test_nobody_blocks_what_another_care_giver_wrote(organization: str, *, refused: bool) -> None:
    given = given_consent("block", organization=[to(organization)])
    house = hsa_id("Organization/municipality")
    scene = replace(surroundings(a_person() | {CONSENT: given}), actor_giver=house)

    found = [one.rule for one in violations(None, given, scene)]

    assert found == (["consent-block-of-another"] if refused else [])
    assert violations(given, given | {"status": "inactive"}, scene) == []  # to end one is never refused


def test_a_guardian_consents_for_a_child() -> None:
    assert judged(a_person(CHILD), given_consent(performer=[to(DAUGHTER)])) == []
    assert judged(a_person(CHILD), given_consent(performer=[to(DAUGHTER), to(PERSON)])) == []


def test_a_young_child_does_not_consent_alone() -> None:
    [found] = judged(a_person(CHILD), given_consent())

    assert (found.rule, found.basis) == (
        "consent-child-alone",
        "agreed practice: setting own_consent_from_age",
    )


def test_from_what_age_a_child_consents_alone_is_agreed() -> None:
    assert judged(a_person(TEENAGER), given_consent()) == []
    assert rules(
        judged(a_person(TEENAGER), given_consent(), agreed=AgreedPractice(own_consent_from_age=16))
    ) == ["consent-child-alone"]
    assert judged(a_person(CHILD), given_consent(), agreed=AgreedPractice(own_consent_from_age=0)) == []


@pytest.mark.parametrize(
    "performer", [None, [to(DAUGHTER)], [to("PractitionerRole/nurse")], [{"display": "Anna"}]]
)
@pytest.mark.parametrize("category", BY_THE_PERSON)
def test_nobody_else_consents_for_an_adult(category: str, performer: list[Resource] | None) -> None:
    [found] = judged(a_person(ADULT), given_consent(category, performer=performer))

    assert (found.rule, found.where) == ("consent-giver", "Consent.performer")
    assert "§" in found.basis


def test_a_legal_representative_consents_for_an_adult() -> None:
    record = a_person(ADULT)
    record[DAUGHTER]["relationship"] = [GUARDIAN.concept()]

    assert judged(record, given_consent(performer=[to(DAUGHTER)])) == []


@pytest.mark.parametrize("category", LAW_OF)
def test_a_consent_names_the_law_it_rests_on(category: str) -> None:
    other = next(
        uri for uri in codes.LAWS if uri not in {*LAW_OF.values(), codes.LAW_HSL_16_4, codes.LAW_LSS_10}
    )

    for policy in (None, [{"uri": other}], [{"uri": "https://example.org/policy"}]):
        [found] = judged(a_person(), given_consent(category, policy=policy))
        assert (found.rule, found.where) == ("consent-policy", "Consent.policy")


@pytest.mark.parametrize("period", [None, {}, {"start": "2026-01-10"}, {"end": "2026-12-31"}])
@pytest.mark.parametrize("category", BY_THE_PERSON)
def test_a_consent_is_given_for_a_time(category: str, period: Resource | None) -> None:
    provision = {"type": "permit"} | ({"period": period} if period is not None else {})

    [found] = judged(a_person(), given_consent(category, provision=provision))

    assert (found.rule, found.basis) == (
        "consent-period-missing",
        "agreed practice: setting consent_time_limited",
    )


@pytest.mark.parametrize("category", AGAINST)
def test_an_objection_holds_until_it_is_lifted(category: str) -> None:
    assert judged(a_person(), given_consent(category, provision={"type": "deny"})) == []


@pytest.mark.parametrize("category", LAW_OF)
def test_a_consent_does_not_end_before_it_begins(category: str) -> None:
    backwards = {"period": {"start": "2026-12-31", "end": "2026-01-10"}}

    assert rules(judged(a_person(), given_consent(category, provision=backwards))) == [
        "consent-period-reversed"
    ]


def test_every_party_of_a_consent_is_known() -> None:
    named = [to(HOME_NURSING), to("Organization/nowhere"), {"display": "alla"}]
    provision = {"period": THIS_YEAR, "actor": [{"reference": one} for one in named]}

    found = judged(a_person(), given_consent(provision=provision))

    assert [(one.rule, one.where) for one in found] == [
        ("consent-party-unknown", "Consent.provision.actor[1].reference"),
        ("consent-party-unknown", "Consent.provision.actor[2].reference"),
    ]


@pytest.mark.parametrize("unit", [None, [to("Organization/nowhere")]])
def test_oral_consent_says_which_unit_wrote_it_down(unit: list[Resource] | None) -> None:
    oral = [{"url": codes.EXT_CONSENT_FORM, "valueCode": "oral"}]
    written = [{"url": codes.EXT_CONSENT_FORM, "valueCode": "written"}]

    [found] = judged(a_person(), given_consent(extension=oral, organization=unit))

    assert (found.rule, found.where) == ("consent-undocumented", "Consent.organization")
    assert judged(a_person(), given_consent(extension=oral, organization=[to(HEALTH_CENTRE)])) == []
    assert judged(a_person(), given_consent(extension=written)) == []


def consented() -> Record:
    return a_person() | {CONSENT: given_consent(provision={"type": "permit", "period": THIS_YEAR})}


@pytest.mark.parametrize(
    "content",
    [
        {"category": [codes.CONSENT_SHARED_RECORD.concept()]},
        {"category": [{"text": "annat"}]},
        {"dateTime": "2026-02-10"},
        {"performer": [to(DAUGHTER)]},
        {"policy": [{"uri": codes.LAW_HSL_16_4}]},
        {"provision": {"type": "permit", "period": {"start": "2026-01-01", "end": "2026-12-31"}}},
        {"provision": {"type": "permit", "period": {"start": "2026-01-10", "end": "2027-12-31"}}},
        {"provision": {"type": "permit", "period": {"start": "2026-01-10"}}},
        {"provision": {"type": "deny", "period": THIS_YEAR}},
        {"provision": {"type": "permit", "period": THIS_YEAR, "actor": [{"reference": to(HOME_NURSING)}]}},
        {"provision": None},
    ],
)
def test_what_the_person_agreed_to_is_not_rewritten(content: dict[str, Any]) -> None:
    record = consented()

    assert "consent-rewritten" in rules(judged(record, changed(record, CONSENT, **content)))


@pytest.mark.parametrize(
    "content",
    [
        {"status": "inactive"},
        {"status": "entered-in-error"},
        {"provision": {"type": "permit", "period": {"start": "2026-01-10", "end": "2026-03-02"}}},
        {"text": {"status": "generated", "div": "<div>Samtycke</div>"}},
    ],
)
def test_a_person_withdraws_at_any_time(content: dict[str, Any]) -> None:
    record = consented()

    assert judged(record, changed(record, CONSENT, **content)) == []


@pytest.mark.parametrize("status", ["inactive", "rejected", "entered-in-error"])
def test_a_withdrawn_consent_does_not_come_back(status: str) -> None:
    record = consented()
    record[CONSENT]["status"] = status

    [found] = judged(record, changed(record, CONSENT, status="active"))

    assert (found.rule, found.where) == ("consent-status", "Consent.status")


def test_a_proposed_consent_may_lack_everything_until_it_is_given() -> None:
    record = a_person() | {
        CONSENT: given_consent(status="proposed", performer=None, policy=None, provision={})
    }

    assert judged(a_person(), record[CONSENT]) == []
    assert rules(judged(record, changed(record, CONSENT, status="active"))) == [
        "consent-giver",
        "consent-policy",
        "consent-period-missing",
    ]


def test_a_consent_of_another_kind_is_stored_as_what_it_is() -> None:
    other = of("Consent/research", status="active", patient=to(PERSON), category=[{"text": "Forskning"}])

    assert judged(a_person(), *other.values()) == []


@given(
    st.lists(
        st.sampled_from(["active", "inactive", "entered-in-error", "proposed", "rejected", "draft"]),
        max_size=8,
    )
)
def test_once_ended_a_consent_is_never_in_force_again(wanted: list[str]) -> None:
    record, ended = consented(), False
    for status in wanted:
        step = changed(record, CONSENT, status=status)
        if not judged(record, step):
            record[CONSENT] = step
            assert not (ended and status == "active")
            ended = ended or status != "active"
