"""The county goes in through the service's own door: whole, in order, side by side, and by the rules."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from fhir.resources.R4B import get_fhir_model_class

from services.demo.county.codes import PLAN_CATEGORY_FOREIGN
from services.demo.county.fhir import Resource, change, create, transaction, urn
from services.demo.county.loader import LoadRefused, Placed, Report, learnt, load_county, ready
from services.demo.county.loads import County, Load, county
from services.demo.county.units import GIVERS, UNITS
from services.sip.domain.care.reading import has_code
from services.sip.domain.codes import BASE, FIXED_CONTACT, Code
from services.sip.domain.profiles import Profiles
from services.sip.domain.shape import shape_issues
from services.sip.domain.terminology import Terminology
from services.sip.main.published import published_contracts
from tests.demo.county.record_keeper import RecordKeeper

pytestmark = pytest.mark.anyio
NAME = urn("a", "plan")


def held(keeper: RecordKeeper) -> list[Resource]:
    """All resources, and of the visits every twentieth: they are all made by one function."""
    several = [one for record in (keeper.directory, *keeper.records.values()) for one in record.values()]
    visits = [one for one in several if one["resourceType"] == "Encounter"]
    return [one for one in several if one["resourceType"] != "Encounter"] + visits[::20]


def test_no_rule_of_care_or_law_refuses_any_of_it(keeper: RecordKeeper) -> None:
    assert keeper.refusals == []


async def test_nor_will_any_be_refused_in_years_to_come() -> None:
    keeper = RecordKeeper(datetime(2029, 6, 30, 12, tzinfo=UTC))
    loads = [one for one in county(keeper.now.date()).loads() if not one.label.startswith("visits")]
    await load_county(loads, keeper, lambda _entries, _label: None)

    assert keeper.refusals == []


def test_everything_has_the_shape_that_the_service_asks_for(keeper: RecordKeeper) -> None:
    issues = [(one["resourceType"], issue) for one in held(keeper) for issue in shape_issues(one)]

    assert issues == []


def test_everything_is_what_the_models_of_fhir_say(keeper: RecordKeeper) -> None:
    for one in held(keeper):
        get_fhir_model_class(one["resourceType"]).model_validate(one)


PROFILE_OF = {
    "Appointment": "plan-meeting",
    "CarePlan": "sip-care-plan",
    "Communication": "plan-communication",
    "Condition": "need",
    "Consent": "sip-consent",
    "Encounter": "contact-made",
    "Goal": "sip-goal",
    "Observation": "what-matters",
    "Organization": "unit",
    "Patient": "resident",
    "Practitioner": "staff",
    "PractitionerRole": "assignment",
    "QuestionnaireResponse": "follow-up-outcome",
    "Task": "sip-task",
}


def profile_of(one: Resource) -> str | None:
    if one["resourceType"] == "CareTeam":
        return "fixed-contact" if has_code(one["category"], FIXED_CONTACT) else "plan-team"
    if has_code(one.get("category"), Code(*PLAN_CATEGORY_FOREIGN)):
        return None  # a plan of another kind that a journal system sent as it was
    return PROFILE_OF.get(one["resourceType"])


def test_everything_is_as_our_profiles_have_it(keeper: RecordKeeper) -> None:
    published = published_contracts()
    profiles = Profiles(published, Terminology(published))
    told, seen = [], set()
    for one in held(keeper):
        if profile := profile_of(one):
            url = f"{BASE}StructureDefinition/{profile}"
            assert profiles.is_known(url, one["resourceType"])
            told += [
                (profile, issue) for issue in [*profiles.issues(one, url), *profiles.extension_issues(one)]
            ]
            seen.add(profile)
    assert told == []
    assert seen >= {"sip-care-plan", "sip-task", "fixed-contact", "plan-team", "contact-made", "assignment"}


def test_every_transaction_stays_well_within_what_the_service_takes(loads: list[Load]) -> None:
    assert max(len(one.bundle["entry"]) for one in loads) <= 200
    assert max(len(orjson.dumps(one.bundle)) for one in loads) <= 600_000
    assert sum(len(one.bundle["entry"]) for one in loads) < 8000


def test_each_transaction_is_written_by_a_unit_of_the_care_giver_it_names(loads: list[Load]) -> None:
    units = {unit.hsa: unit.giver.hsa for unit in UNITS}

    assert all(units[one.unit_hsa] == one.giver_hsa for one in loads)
    assert {one.giver_hsa for one in loads} == {giver.hsa for giver in GIVERS}


def test_no_person_is_touched_in_two_lanes(keeper: RecordKeeper) -> None:
    assert {len(lanes) for lanes in keeper.lanes.values()} == {1}
    assert {lane for lanes in keeper.lanes.values() for lane in lanes} == {0, 1, 2, 3}


def test_an_earlier_contact_has_ended_when_the_next_began(settled: County, keeper: RecordKeeper) -> None:
    ended = [one for one in keeper.every("CareTeam") if one["status"] == "inactive"]

    assert len(ended) == sum(one.before is not None for one in settled.contacts)
    assert all("end" in one["period"] for one in ended)


def test_the_report_knows_what_the_server_called_everybody(
    settled: County, loaded: tuple[RecordKeeper, Report]
) -> None:
    keeper, report = loaded
    person = settled.residents[0]
    patient = report.id_of(urn("patient", person.key))

    record = keeper.records[f"Patient/{patient}"]
    assert record[f"Patient/{patient}"]["identifier"][0]["value"] == person.number.digits
    assert report.entries > 7000


async def test_progress_is_told_of_every_entry(loads: list[Load]) -> None:
    told: list[int] = []
    report = await load_county(loads[:12], RecordKeeper(), lambda entries, _label: told.append(entries))

    assert sum(told) == report.entries
    assert len(told) == report.bundles == 12


async def test_a_refused_transaction_stops_the_loading_and_says_which(loads: list[Load]) -> None:
    keeper = RecordKeeper()

    async def refuse_contacts(load: Load, body: bytes) -> Resource:
        if "fixed contacts" in load.label:
            raise LoadRefused(f"{load.label}: 422")
        return await keeper(load, body)

    with pytest.raises(LoadRefused, match="fixed contacts at"):
        await load_county(loads, refuse_contacts, lambda _entries, _label: None)


def test_an_update_carries_the_address_the_id_and_the_version_last_seen() -> None:
    bundle = transaction([change(NAME, {"resourceType": "CarePlan", "partOf": [{"reference": NAME}]})])

    sent = orjson.loads(ready(bundle, {NAME.encode(): Placed("CarePlan/abc", "3")}))

    assert sent["entry"] == [
        {
            "resource": {"resourceType": "CarePlan", "id": "abc", "partOf": [{"reference": "CarePlan/abc"}]},
            "request": {"method": "PUT", "url": "CarePlan/abc", "ifMatch": 'W/"3"'},
        }
    ]


def test_a_name_that_the_server_does_not_know_yet_is_left_for_it_to_resolve() -> None:
    bundle = transaction([create(NAME, {"resourceType": "CarePlan"})])

    assert orjson.loads(ready(bundle, {})) == bundle


@pytest.mark.parametrize(
    ("response", "placed"),
    [
        ({"location": "CarePlan/abc/_history/1"}, Placed("CarePlan/abc", "1")),
        ({"location": "https://samplan.example/fhir/CarePlan/abc/_history/2"}, Placed("CarePlan/abc", "2")),
        ({"location": "CarePlan/abc", "etag": 'W/"7"'}, Placed("CarePlan/abc", "7")),
        ({"etag": 'W/"4"'}, Placed("CarePlan/known", "4")),
    ],
)
def test_the_answer_tells_the_address_and_the_version(response: Mapping[str, Any], placed: Placed) -> None:
    load = Load("unit", "giver", transaction([create(NAME, {"resourceType": "CarePlan"})]), "a plan")

    known = learnt(load, {"entry": [{"response": response}]}, {NAME.encode(): Placed("CarePlan/known", "3")})

    assert known == {NAME.encode(): placed}


@pytest.mark.parametrize("answer", [{}, {"entry": [{"response": {"status": "201"}}]}])
def test_an_answer_that_names_nothing_is_refused(answer: Resource) -> None:
    load = Load("unit", "giver", transaction([create(NAME, {"resourceType": "CarePlan"})]), "a plan")

    with pytest.raises(LoadRefused, match="a plan"):
        learnt(load, answer, {})
