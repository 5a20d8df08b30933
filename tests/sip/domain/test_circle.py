"""Who may read what in a person's record."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.sip.domain import codes
from services.sip.domain.circle import readers_of_record
from services.sip.domain.held import Held, Place, Reader, merged

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PERSON = "Patient/p"
REGION = Place("SE-region-unit", "SE-region")
TOWN = Place("SE-town-unit", "SE-town")
DIRECTORY = {
    "PractitionerRole/doctor": Held("PractitionerRole/doctor", 1, {}, place=REGION),
    "PractitionerRole/nurse": Held("PractitionerRole/nurse", 1, {}, place=TOWN),
    "Organization/region": Held(
        "Organization/region",
        1,
        {"resourceType": "Organization"},
        place=Place("SE-region", "SE-region"),
    ),
}


def held(key: str, own: Place = TOWN, **resource: Any) -> Held:
    return Held(key, 1, {"resourceType": key.partition("/")[0], **resource}, PERSON, own)


def reference(key: str) -> dict[str, str]:
    return {"reference": key}


def plan(**more: Any) -> Held:
    return held("CarePlan/1", careTeam=[reference("CareTeam/1")], goal=[reference("Goal/1")], **more)


def team(**period: str) -> Held:
    member = {"member": reference("PractitionerRole/doctor")}
    return held("CareTeam/1", participant=[member | ({"period": period} if period else {})])


def consent(**more: Any) -> Held:
    provision = {"period": {"start": "2026-01-01", "end": "2026-12-31"}, **more.pop("provision", {})}
    category = [codes.Code(codes.CONSENT_CATEGORY, more.pop("category", "sip")).concept()]
    return held(
        "Consent/1", status=more.pop("status", "active"), provision=provision, category=category, **more
    )


def may_read(record: list[Held], key: str, unit: str, at: datetime = NOW) -> bool:
    readers = readers_of_record({one.key: one for one in record}, DIRECTORY, ())
    return any(one.unit == unit and one.holds_at(at) for one in readers[key])


def test_a_member_with_consent_reads_the_plan_and_what_belongs_to_it() -> None:
    record = [plan(), team(), consent(), held("Goal/1"), held("Task/1", basedOn=[reference("CarePlan/1")])]
    for key in ("CarePlan/1", "CareTeam/1", "Goal/1", "Task/1"):
        assert may_read(record, key, REGION.unit or "")


def test_a_member_without_consent_reads_nothing() -> None:
    assert not may_read([plan(), team(), held("Goal/1")], "CarePlan/1", REGION.unit or "")


def test_what_does_not_belong_to_the_plan_stays_with_the_unit_that_wrote_it() -> None:
    record = [plan(), team(), consent(), held("Observation/other")]
    assert not may_read(record, "Observation/other", REGION.unit or "")
    assert may_read(record, "Observation/other", TOWN.unit or "")


def test_an_ended_membership_ends_access_at_its_second() -> None:
    record = [plan(), team(end="2026-11-22T12:00:00Z"), consent()]
    assert may_read(record, "CarePlan/1", REGION.unit or "", NOW - timedelta(milliseconds=1))
    assert not may_read(record, "CarePlan/1", REGION.unit or "", NOW)


def test_a_withdrawn_consent_lets_nobody_else_read() -> None:
    assert not may_read([plan(), team(), consent(status="inactive")], "CarePlan/1", REGION.unit or "")


def test_an_expired_consent_ends_access_when_its_last_day_is_over_in_sweden() -> None:
    record = [plan(), team(), consent()]
    assert may_read(record, "CarePlan/1", REGION.unit or "", datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
    assert not may_read(record, "CarePlan/1", REGION.unit or "", datetime(2026, 12, 31, 23, 0, tzinfo=UTC))


def test_a_consent_for_another_plan_covers_nothing_here() -> None:
    other = consent(provision={"data": [{"meaning": "related", "reference": reference("CarePlan/9")}]})
    assert not may_read([plan(), team(), other], "CarePlan/1", REGION.unit or "")


def test_a_consent_naming_the_region_covers_its_units() -> None:
    named = consent(provision={"actor": [{"reference": reference("Organization/region")}]})
    assert may_read([plan(), team(), named], "CarePlan/1", REGION.unit or "")


def test_a_consent_naming_somebody_else_covers_nobody_here() -> None:
    named = consent(provision={"actor": [{"reference": reference("PractitionerRole/nurse")}]})
    assert not may_read([plan(), team(), named], "CarePlan/1", REGION.unit or "")


def test_a_refusal_is_no_consent() -> None:
    denied = consent(provision={"type": "deny"})
    assert not may_read([plan(), team(), denied], "CarePlan/1", REGION.unit or "")


def test_a_recorded_ground_stands_in_for_consent() -> None:
    grounded = plan(extension=[{"url": codes.EXT_LAWFUL_GROUND}])
    assert may_read([grounded, team()], "CarePlan/1", REGION.unit or "")


def test_a_plan_cannot_pass_on_what_its_writer_only_borrowed_from_another_plan() -> None:
    foreign = Place("SE-third-unit", "SE-third")
    record = [plan(), team(), consent(), held("Goal/1", own=foreign)]
    assert not may_read(record, "Goal/1", REGION.unit or "")


def test_a_consent_to_one_thing_does_not_let_a_plan_pass_on_what_its_writer_only_borrowed() -> None:
    foreign = Place("SE-third-unit", "SE-third")
    one_thing = consent(provision={"data": [{"meaning": "related", "reference": reference("Goal/2")}]})
    record = [plan(), team(), one_thing, held("Goal/1", own=foreign), held("Goal/2")]
    assert not may_read(record, "Goal/1", TOWN.unit or "")
    assert not may_read(record, "Goal/1", REGION.unit or "")


def test_the_person_reads_the_own_record() -> None:
    assert may_read([plan(), team(), held("Goal/1")], "Goal/1", PERSON)


def test_whoever_has_a_relation_sees_who_the_person_is() -> None:
    record = [plan(), team(), consent(), held(PERSON)]
    assert may_read(record, PERSON, REGION.unit or "")
    assert not may_read([held(PERSON)], PERSON, REGION.unit or "")


def test_the_addressee_of_a_call_sees_the_call_but_not_the_draft_plan() -> None:
    call = held(
        "Communication/1", recipient=[reference("PractitionerRole/doctor")], basedOn=[reference("CarePlan/1")]
    )
    record = [held("CarePlan/1"), consent(), call]
    assert may_read(record, "Communication/1", REGION.unit or "")
    assert not may_read(record, "CarePlan/1", REGION.unit or "")


times = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
readers = st.builds(Reader, st.sampled_from(["a", "b"]), times, times)


@given(st.lists(readers, max_size=8), times)
def test_merging_rights_neither_gives_nor_takes_any(rights: list[Reader], now: datetime) -> None:
    for unit in ("a", "b"):
        before = any(one.unit == unit and one.holds_at(now) for one in rights)
        assert before == any(one.unit == unit and one.holds_at(now) for one in merged(rights))


@given(st.lists(readers, max_size=8))
def test_merged_rights_of_one_reader_never_touch(rights: list[Reader]) -> None:
    joined = merged(rights)
    for one, other in pairwise(joined):
        assert one.unit < other.unit or one.end < other.start


SOCIAL = Place("SE-social-unit", "SE-town")
DIRECTORY["PractitionerRole/social"] = Held("PractitionerRole/social", 1, {}, place=SOCIAL)
DIRECTORY["Organization/social"] = Held(
    "Organization/social",
    1,
    {"type": [{"coding": [{"system": codes.UNIT_KIND, "code": "social-services"}]}]},
    place=SOCIAL,
)
DIRECTORY["Organization/town-unit"] = Held("Organization/town-unit", 1, {}, place=TOWN)
DIRECTORY["Organization/town"] = Held("Organization/town", 1, {}, place=Place("SE-town", "SE-town"))


def social_team() -> Held:
    return held("CareTeam/1", participant=[{"member": reference("PractitionerRole/social")}])


def shut(category: str, **more: Any) -> Held:
    concept = codes.Code(codes.CONSENT_CATEGORY, category).concept()
    status = more.pop("status", "active")
    return held("Consent/2", own=more.pop("own", TOWN), status=status, category=[concept], **more)


def test_the_shared_record_does_not_reach_the_social_services() -> None:
    for category, reads in (("shared-record", False), ("secrecy-waiver", True), ("sip", True)):
        record = [plan(), social_team(), consent(category=category)]
        assert may_read(record, "CarePlan/1", "SE-social-unit") == reads, category


def test_a_waiver_for_one_thing_shows_that_thing_alone() -> None:
    data = {"data": [{"meaning": "related", "reference": reference("Goal/1")}]}
    record = [plan(), team(), consent(category="secrecy-waiver", provision=data), held("Goal/1")]
    assert may_read(record, "Goal/1", REGION.unit or "")
    assert not may_read(record, "CarePlan/1", REGION.unit or "")


def test_an_objection_shuts_the_shared_record_and_leaves_a_waiver() -> None:
    for category, reads in (("shared-record", False), ("secrecy-waiver", True)):
        record = [plan(), team(), consent(category=category), shut("objection")]
        assert may_read(record, "CarePlan/1", REGION.unit or "") == reads, category


def test_an_objection_that_was_taken_back_shuts_nothing() -> None:
    record = [plan(), team(), consent(category="shared-record"), shut("objection", status="inactive")]
    assert may_read(record, "CarePlan/1", REGION.unit or "")


def test_a_block_goes_before_consent_and_only_the_unit_itself_and_the_person_see() -> None:
    record = [plan(), team(), consent(), shut("block"), held("Goal/1")]
    for key in ("CarePlan/1", "Goal/1"):
        assert not may_read(record, key, REGION.unit or "")
        assert may_read(record, key, TOWN.unit or "")
        assert may_read(record, key, PERSON)


def test_an_outer_block_shuts_a_whole_care_giver_to_others_and_not_within() -> None:
    other = Place("SE-town-other", "SE-town")
    DIRECTORY["PractitionerRole/other"] = Held("PractitionerRole/other", 1, {}, place=other)
    members = [{"member": reference(f"PractitionerRole/{one}")} for one in ("doctor", "other")]
    block = shut("block", organization=[reference("Organization/town")])
    record = [plan(), held("CareTeam/1", participant=members), consent(), block]
    assert not may_read(record, "CarePlan/1", REGION.unit or "")
    assert may_read(record, "CarePlan/1", "SE-town-other")
    inner = shut("block", organization=[reference("Organization/town-unit")])
    assert not may_read([*record[:3], inner], "CarePlan/1", "SE-town-other")


def test_a_block_shuts_what_its_own_unit_wrote_and_nothing_else() -> None:
    record = [plan(), team(), consent(), shut("block", own=REGION)]
    assert may_read(record, "CarePlan/1", REGION.unit or "")


def test_a_block_holds_within_its_time() -> None:
    timed = shut("block", provision={"type": "deny", "period": {"end": "2026-11-22T12:00:00Z"}})
    record = [plan(), team(), consent(), timed]
    assert not may_read(record, "CarePlan/1", REGION.unit or "", NOW - timedelta(seconds=1))
    assert may_read(record, "CarePlan/1", REGION.unit or "")


def test_who_blocked_is_told_to_nobody_else_whatever_refers_to_it() -> None:
    block = shut("block", own=REGION, provision={"data": [{"reference": reference("CarePlan/1")}]})
    record = [plan(supportingInfo=[reference("Consent/2")]), team(), consent(), block]
    assert not may_read(record, "Consent/2", TOWN.unit or "")
    assert may_read(record, "Consent/2", REGION.unit or "")


def attention(owner: str, status: str = "requested", focus: str = "CareTeam/1") -> Held:
    code = codes.TASK_ATTENTION.concept()
    return held("Task/1", code=code, status=status, owner=reference(owner), focus=reference(focus))


def ended_contact() -> Held:
    participant = [{"member": reference("PractitionerRole/doctor")}]
    period = {"start": "2026-01-01", "end": "2026-06-01T08:00:00Z"}
    category = [codes.FIXED_CONTACT.concept()]
    return held("CareTeam/1", category=category, participant=participant, period=period, status="inactive")


def test_an_entry_of_the_work_list_is_for_the_unit_whose_contact_it_is() -> None:
    unit = REGION.unit or ""
    doctors = [ended_contact(), attention("PractitionerRole/doctor")]
    assert may_read(doctors, "Task/1", unit)
    # While it is to be seen to, the unit sees the contact that it is about; then no more than before.
    assert may_read(doctors, "CareTeam/1", unit)
    closed = [ended_contact(), attention("PractitionerRole/doctor", "completed")]
    assert not may_read(closed, "CareTeam/1", unit)

    assert not may_read([ended_contact(), attention("Organization/region")], "Task/1", "SE-region")
    other = [ended_contact(), attention("PractitionerRole/doctor", focus="CareTeam/2")]
    assert not may_read(other, "Task/1", unit)
