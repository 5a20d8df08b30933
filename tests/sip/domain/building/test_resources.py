"""Whatever a person wishes in words that /api/v1 takes, what is built is sound FHIR."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sip.api.models.words import PRINTED
from services.sip.domain.building.call import CallWish, call
from services.sip.domain.building.consent import ConsentWish, consent, withdrawn
from services.sip.domain.building.contact import (
    ContactWish,
    StandInWish,
    answered,
    appointed,
    contact,
    contact_ended,
    offered,
    standing_in,
)
from services.sip.domain.building.draft import Answer, Deed, OthersDeed, PlanWish, drafted
from services.sip.domain.building.follow_up import FollowUpWish, outcome
from services.sip.domain.building.goal import begun, goal, judged
from services.sip.domain.building.need import need
from services.sip.domain.building.person import PersonWish, person
from services.sip.domain.building.plan import CATEGORIES, Frame, activated, ended
from services.sip.domain.building.scribe import Scribe
from services.sip.domain.building.task import done, follow_up, moved
from services.sip.domain.building.team import Member, joined, team
from services.sip.domain.building.ways import Handover, Hours, Point, Ways
from services.sip.domain.building.what_matters import said_anew, what_matters
from services.sip.domain.care.contact.kinds import kinds
from services.sip.domain.codes import LAW_HSL_16_4, LAW_OSL_10_1
from services.sip.domain.held import Resource
from services.sip.domain.personal_number import PersonalNumber
from services.sip.domain.shape import shape_issues

NOW = datetime(2026, 11, 22, 12, 30, 15, 123456, tzinfo=UTC)
DAY = date(2027, 3, 1)
TEXTS = st.text(min_size=1, max_size=60).filter(lambda text: bool(text.strip() and re.search(PRINTED, text)))


def scribe(who: str = "PractitionerRole/nurse") -> Scribe:
    numbers = iter(range(1000))
    return Scribe("Patient/p", who, "Organization/unit", NOW, lambda: f"id-{next(numbers)}")


def issues(resource: Resource) -> list[str]:
    found = shape_issues({name: value for name, value in resource.items() if name != "id"})
    return [one.text for one in found if one.severity in {"error", "fatal"}]


def everything(text: str, who: str) -> Iterator[Resource]:
    """Build one of each, as it begins and as it is changed."""
    by = scribe(who)
    yield need(by, text)
    for wish in (
        ConsentWish(("SE1",), DAY, "oral", (LAW_HSL_16_4,)),
        ConsentWish((), DAY, "written", (LAW_HSL_16_4, LAW_OSL_10_1), DAY, "CarePlan/1", "RelatedPerson/1"),
    ):
        given_consent = consent(by, wish, ["Organization/unit"] if wish.units else [])
        yield from (given_consent, withdrawn(given_consent, NOW))
    yield from contacts(by, text)
    yield from call(by, CallWish(("SE1",), text, ("CarePlan/1", "Condition/1"), NOW), ["Organization/1"])
    yield from call(by, CallWish(("SE1",), text), ["Organization/1"])
    yield outcome(by, "CarePlan/1", FollowUpWish(DAY, text))
    answer = what_matters(by, text)
    yield from (answer, what_matters(by, None), said_anew(answer, None, by))
    aim = goal(by, text, begun=False)
    yield from (aim, begun(aim), judged(aim, reached=True), judged(aim, reached=False))
    task = follow_up(by, "CarePlan/1", DAY, "Organization/1")
    yield from (task, moved(task, DAY), done(task))
    yield from (team(by, []), joined(team(by, []), [Member("Organization/2", "Organization/2", text)], by))
    yield person(PersonWish(PersonalNumber("201701012393"), text, text, "female", "2180"), by.new_id)


def contacts(by: Scribe, text: str) -> Iterator[Resource]:
    """Build a contact of each kind, with all that may be said of it, and bring it to its end."""
    place = ("PractitionerRole/1", "Organization/1")
    points = [Point("phone", "0321-00 00 00", [Hours(["mon", "tue"], "08:00:00", "16:30:00")])]
    told = Handover("2026-11-22T12:00:00Z", None, ["medication"], text)
    for kind in kinds().values():
        bare = ContactWish(kind.slug, "SE1", "SE2", "first")
        full = ContactWish(kind.slug, "SE1", "SE2", "moved", "2026-11-01", special_reasons=True, follows="CareTeam/1",
                           gap="recruiting", ways=Ways(points, "Organization/2"), handover=told)  # fmt: skip
        offer = offered(by, full, *place)
        yield from (offer, answered(offer, "declined", "2026-11-22", "other"), appointed(offer, "2026-11-22"))
        for wish in (bare, full):
            held = contact(by, wish, *place)
            yield from (held, contact_ended(held, NOW, "moved"))
            yield standing_in(by, held, StandInWish("SE1", "SE2", "staff-absent", "2027-01-01"), *place)


def plans(text: str, who: str) -> Iterator[Resource]:
    """Draft a plan of each kind, full and bare, and bring it to its end."""
    for kind in CATEGORIES:
        full = PlanWish(
            Frame(kind, text, ("n1",), DAY, DAY, ("unable-to-consent", text)),
            Answer(text),
            (text,),
            (Deed(text, "SE1", DAY),),
            (OthersDeed(text, text),),
            nothing_by_others=False,
            follow_up_on=DAY,
            responsible_unit="SE1",
        )
        bare = PlanWish(Frame(kind, text), nothing_by_others=True)
        for wish in (full, bare):
            built = drafted(scribe(who), wish, {"SE1": "Organization/1"}, [])
            yield from built
            yield activated(built[0], DAY)
            yield ended(activated(built[0], DAY), "completed", "goals-reached", DAY)


@pytest.mark.parametrize("build", [everything, plans])
@pytest.mark.parametrize("who", ["PractitionerRole/nurse", "Organization/unit"])
@settings(deadline=None)
@given(text=TEXTS)
def test_whatever_is_built_is_sound_fhir(
    build: Callable[[str, str], Iterator[Resource]], who: str, text: str
) -> None:
    for resource in build(text, who):
        assert issues(resource) == [], resource


def test_every_unit_that_answers_for_something_takes_part_once() -> None:
    wish = PlanWish(
        Frame("sip", "Plan"),
        interventions=(Deed("Ett", "SE1"), Deed("Två", "SE1"), Deed("Tre", "SE2")),
    )
    units = {"SE1": "Organization/1", "SE2": "Organization/unit"}
    plan, of_plan, *tasks = drafted(scribe(), wish, units, [])

    members = [one["member"]["reference"] for one in of_plan["participant"]]
    assert members == ["PractitionerRole/nurse", "Organization/1", "Patient/p"]
    assert [one["reference"] for one in plan["contributor"]] == ["Organization/unit", "Organization/1"]
    assert len(tasks) == len(plan["activity"]) == 3


def test_the_same_wish_drafted_again_gets_the_same_ids() -> None:
    wish = PlanWish(Frame("sip", "Plan"), goals=("Ett", "Två"))

    assert drafted(scribe(), wish, {}, []) == drafted(scribe(), wish, {}, [])


def test_a_consent_that_had_not_begun_ends_without_ending_before_it_began() -> None:
    wish = ConsentWish((), date(2030, 1, 1), "oral", (LAW_HSL_16_4,), date(2029, 1, 1))
    ended_early = withdrawn(consent(scribe(), wish, []), NOW)

    assert ended_early["status"] == "inactive"
    assert ended_early["provision"]["period"] == {"start": "2029-01-01", "end": "2030-01-01"}
