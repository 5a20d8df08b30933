"""A plan rests on the person's consent, valid now and for every party, or on a recorded lawful ground."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sip.domain import codes
from services.sip.domain.care import AgreedPractice
from services.sip.domain.codes import Code
from tests.sip.domain.care.county import HEALTH_CENTRE, HOME_NURSING
from tests.sip.domain.care.scenarios import (
    CONSENT,
    NOW,
    PERSON,
    PLAN,
    TEAM,
    Record,
    Resource,
    a_consent,
    a_plan_ready_to_activate,
    activated,
    an_active_plan,
    changed,
    judged,
    of,
    rules,
    stored,
    to,
)

LAW = "HSL 16 kap. 4 §; SoL 10 kap. 8 §"


def with_consent(**content: Any) -> Record:
    return a_plan_ready_to_activate() | a_consent(**content)


def provision(**content: Any) -> Resource:
    return {"type": "permit", "period": {"start": "2026-01-10", "end": "2026-12-31"}, **content}


def naming(*keys: str) -> list[Resource]:
    role = codes.INFORMATION_RECIPIENT.concept()
    return [{"role": role, "reference": to(key)} for key in keys]


def ground(code: str, text: str | None = "Svår demens; dottern och boendet har hörts.") -> list[Resource]:
    concept = Code(codes.LAWFUL_GROUND, code).concept(text)
    return [{"url": codes.EXT_LAWFUL_GROUND, "valueCodeableConcept": concept}]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"status": "inactive"}, "not active"),
        ({"status": "proposed"}, "not active"),
        ({"provision": provision(period={"start": "2025-01-01", "end": "2026-03-01"})}, "run out"),
        ({"provision": provision(period={"start": "2026-03-03", "end": "2026-12-31"})}, "not begun"),
        ({"provision": provision(type="deny")}, "no consent"),
        ({"category": [codes.CONSENT_SHARED_RECORD.concept()]}, "no consent"),
        (
            {"provision": provision(data=[{"meaning": "related", "reference": to("CarePlan/other")}])},
            "no consent",
        ),
    ],
)
def test_a_plan_without_a_consent_in_force_is_refused_and_told_why(content: dict[str, Any], why: str) -> None:
    record = with_consent(**content)

    [found] = judged(record, activated(record))

    assert (found.rule, found.basis) == ("plan-consent", LAW)
    assert why in found.text


def test_a_consent_holds_through_the_whole_of_its_last_day_in_sweden() -> None:
    record = with_consent(provision=provision(period={"start": "2026-01-10", "end": "2026-03-02"}))
    last_minute = datetime(2026, 3, 2, 22, 59, tzinfo=UTC)
    midnight = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)

    assert judged(record, activated(record), now=last_minute) == []
    assert rules(judged(record, activated(record), now=midnight)) == ["plan-consent"]


@pytest.mark.parametrize(
    "named",
    [
        [HOME_NURSING, HEALTH_CENTRE],
        ["Organization/municipality", "Organization/region"],
        [HOME_NURSING, "Organization/region"],
        [TEAM],
    ],
)
def test_a_consent_covers_the_units_it_names_by_unit_by_giver_or_by_team(named: list[str]) -> None:
    record = with_consent(provision=provision(actor=naming(*named)))

    assert judged(record, activated(record)) == []


def test_a_party_the_consent_does_not_cover_is_named() -> None:
    record = with_consent(provision=provision(actor=naming(HOME_NURSING)))

    [found] = judged(record, activated(record))

    assert (found.rule, found.basis) == ("plan-consent-parties", LAW)
    assert HEALTH_CENTRE in found.text


def test_several_consents_cover_together() -> None:
    record = with_consent(provision=provision(actor=naming(HOME_NURSING)))
    record |= a_consent("Consent/second", provision=provision(actor=naming(HEALTH_CENTRE)))

    assert judged(record, activated(record)) == []


def test_a_consent_to_this_plan_by_name_is_enough() -> None:
    record = with_consent(provision=provision(data=[{"meaning": "related", "reference": to(PLAN)}]))

    assert judged(record, activated(record)) == []


def test_a_person_unable_to_consent_gets_a_plan_on_a_ground_that_is_explained() -> None:
    record = a_plan_ready_to_activate()
    del record[CONSENT]
    told = [to("Observation/words")]

    plan = changed(record, PLAN, status="active", supportingInfo=told, extension=ground("unable-to-consent"))

    assert judged(record, plan) == []


@pytest.mark.parametrize(
    ("stated", "basis"),
    [
        (ground("unable-to-consent", None), LAW),
        (ground("unable-to-consent", " "), LAW),
        (ground("practical-reasons"), LAW),
        ([{"url": codes.EXT_LAWFUL_GROUND}], LAW),
        (ground("child-necessary-care"), "OSL 25 kap. 12 §; OSL 26 kap. 9 §"),
    ],
)
def test_a_ground_that_does_not_hold_is_refused(stated: list[Resource], basis: str) -> None:
    record = a_plan_ready_to_activate()

    found = judged(record, changed(record, PLAN, status="active", extension=stated))

    assert [(one.rule, one.basis) for one in found] == [("plan-lawful-ground", basis)]


def test_a_child_may_get_necessary_care_planned_without_consent() -> None:
    record = a_plan_ready_to_activate()
    record[PERSON]["birthDate"] = "2008-03-03"
    record[CONSENT]["status"] = "inactive"
    plan = changed(record, PLAN, status="active", extension=ground("child-necessary-care"))

    assert judged(record, plan) == []
    assert rules(judged(record, plan, now=NOW.replace(day=3))) == ["plan-lawful-ground"]


def test_a_county_may_refuse_to_plan_without_consent() -> None:
    record = a_plan_ready_to_activate()
    plan = changed(record, PLAN, status="active", extension=ground("unable-to-consent"))

    [found] = judged(record, plan, agreed=AgreedPractice(plan_without_consent_when_unable=False))

    assert (found.rule, found.basis) == ("plan-lawful-ground", LAW)


def test_a_plan_is_put_on_hold_or_ended_though_consent_is_gone() -> None:
    record = an_active_plan()
    record[CONSENT]["status"] = "inactive"
    reason = Code(codes.PLAN_END_REASON, "consent-withdrawn").concept()
    ended = [{"url": codes.EXT_END_REASON, "valueCodeableConcept": reason}]

    assert judged(record, changed(record, PLAN, status="on-hold")) == []
    assert judged(record, changed(record, PLAN, status="revoked", extension=ended)) == []
    assert rules(judged(record, activated(record))) == ["plan-consent"]


@pytest.mark.parametrize(
    "withdrawal",
    [
        {"status": "inactive"},
        {"status": "entered-in-error"},
        {"provision": provision(period={"start": "2026-01-10", "end": "2026-03-01"})},
    ],
)
def test_a_consent_that_is_withdrawn_puts_the_plan_on_hold(withdrawal: dict[str, Any]) -> None:
    record = an_active_plan()

    assert stored(record, changed(record, CONSENT, **withdrawal))[PLAN]["status"] == "on-hold"


def test_a_consent_that_another_stands_in_for_leaves_the_plan_running() -> None:
    record = an_active_plan() | a_consent("Consent/second")

    assert stored(record, changed(record, CONSENT, status="inactive"))[PLAN]["status"] == "active"


@pytest.mark.parametrize("status", ["draft", "on-hold", "completed"])
def test_withdrawal_leaves_a_plan_that_is_not_active_as_it_is(status: str) -> None:
    record = an_active_plan()
    record[PLAN]["status"] = status

    assert stored(record, changed(record, CONSENT, status="inactive"))[PLAN]["status"] == status


def test_a_consent_that_ran_out_earlier_is_not_noticed_by_withdrawing_another() -> None:
    record = an_active_plan() | a_consent("Consent/other-plan") | of("CarePlan/other", subject=to(PERSON))
    record[CONSENT]["provision"] = provision(period={"start": "2025-01-01", "end": "2025-12-31"})
    record["Consent/other-plan"]["provision"] = provision(
        data=[{"meaning": "related", "reference": to("CarePlan/other")}]
    )

    assert (
        stored(record, changed(record, "Consent/other-plan", status="inactive"))[PLAN]["status"] == "active"
    )


def test_an_lss_plan_is_not_touched_by_a_withdrawn_consent() -> None:
    record = an_active_plan(codes.PLAN_CATEGORY_LSS)

    assert stored(record, changed(record, CONSENT, status="inactive"))[PLAN]["status"] == "active"


units = st.sampled_from([HOME_NURSING, HEALTH_CENTRE, "Organization/home-care", "Organization/region"])


@given(st.lists(st.frozensets(units, min_size=1), max_size=4))
def test_what_is_consented_to_is_the_union_of_all_consents(consents: list[frozenset[str]]) -> None:
    record = a_plan_ready_to_activate()
    del record[CONSENT]
    record[PLAN]["supportingInfo"] = [to("Observation/words")]
    for number, named in enumerate(consents):
        record |= a_consent(f"Consent/{number}", provision=provision(actor=naming(*sorted(named))))

    named_at_all = {unit for one in consents for unit in one}
    covers_both = HOME_NURSING in named_at_all and bool({HEALTH_CENTRE, "Organization/region"} & named_at_all)
    assert (judged(record, activated(record)) == []) == covers_both
