"""The stored readers are those of the rules, whatever is written in whatever order: the shortcuts lose nobody."""

import contextlib
from typing import Any

import anyio
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from services.chassis.principal import Principal
from services.sip.domain import codes
from services.sip.domain.errors import SipError
from services.sip.domain.held import Reader
from services.sip.use_cases.verify_readers import Difference, differences
from tests.sip.use_cases.records_in_memory import Desk, organization, urn

STAFF = [
    Principal(who, "test", scopes=("user/*.cruds",), employee=who, unit=f"{giver}-{who}", giver=giver)
    for who, giver in (("nurse", "SE-K"), ("home", "SE-K"), ("doctor", "SE-R"))
]
UNITS = {"nurse": "municipal-nursing", "home": "social-services", "doctor": "primary-care"}
ACTIVE = {"status": "active"}
PERIODS = [
    {},
    {"period": {"start": "2026-01-01"}},
    {"period": {"start": "2026-01-01", "end": "2026-11-01"}},
    {"period": {"end": "2026-11-22T12:00:00Z"}},
]
GROUNDS = [
    (codes.CONSENT_SIP, codes.LAW_HSL_16_4),
    (codes.CONSENT_SHARED_RECORD, codes.LAW_SHARED_RECORD_CONSENT),
    (codes.CONSENT_SECRECY_WAIVER, codes.LAW_OSL_10_1),
    (codes.CONSENT_OBJECTION, codes.LAW_SHARED_RECORD_OBJECTION),
    (codes.CONSENT_BLOCK, codes.LAW_PDL_BLOCK),
]


def to(key: str) -> dict[str, str]:
    return {"reference": key}


class Town:
    """One person's record in the writing; `made` remembers the keys of each type."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.made: dict[str, list[str]] = {}
        self.accepted = 0

    async def begin(self) -> None:
        for giver, kind in (("SE-K", "municipality"), ("SE-R", "region")):
            staff = [one for one in STAFF if one.giver == giver]
            rows = [organization(giver, kind)]
            for one in staff:
                rows.append(organization(one.unit or "", "unit", giver, UNITS[one.subject]))
                place = to(urn(one.unit or ""))
                rows.append({"resourceType": "PractitionerRole", "organization": place})
            await self.write(staff[0], *rows)
        await self.write(STAFF[0], {"resourceType": "Patient", "birthDate": "1950-01-01"})

    async def write(self, by: Principal, *resources: dict[str, Any]) -> None:
        keys = await self.desk.write(by, *resources)
        self.accepted += 1
        for key in keys:
            of_type = self.made.setdefault(key.partition("/")[0], [])
            if key not in of_type:
                of_type.append(key)

    def pick(self, kind: str, number: int) -> str | None:
        """Give one of what was made; one number in six gives none."""
        keys = self.made.get(kind, [])
        return keys[number % len(keys)] if keys and number % 6 else None

    def refs(self, kind: str, number: int) -> list[dict[str, str]]:
        key = self.pick(kind, number)
        return [to(key)] if key else []

    def unit_kind(self, number: int) -> list[dict[str, Any]]:
        kind = codes.UNIT_KINDS[number % len(codes.UNIT_KINDS)]
        return [{"coding": [codes.UNIT.coding(), {"system": codes.UNIT_KIND, "code": kind}]}]

    def changed(self, kind: str, number: int, **content: Any) -> list[dict[str, Any]]:
        key = self.pick(kind, number)
        if key is None:
            return []
        whole = self.desk.records.current[key].resource | content
        return [{name: value for name, value in whole.items() if value not in (None, [])}]


def written(town: Town, action: str, i: int, j: int) -> list[dict[str, Any]]:
    """Give what an action writes; elements that would be empty are left out."""
    [person] = town.made["Patient"]
    about, place = {"subject": to(person)}, PERIODS[j % len(PERIODS)]
    plan, member = town.refs("CarePlan", i), town.refs("PractitionerRole", j) or town.refs("RelatedPerson", i)
    draft = {"resourceType": "CarePlan", "status": "draft", "intent": "plan", **about}
    parts = [*town.refs("Observation", j), *town.refs("Encounter", i), *town.refs("Consent", j)]
    goal = {"resourceType": "Goal", "lifecycleStatus": "proposed", "description": {"text": "a"}, **about}
    provision = {
        "type": "permit",
        "period": {"start": "2026-01-01", "end": ["2026-12-31", "2026-06-01"][i % 2]},
        "actor": [
            {"role": codes.INFORMATION_RECIPIENT.concept(), "reference": one}
            for one in (town.refs("Organization", i) or town.refs("CareTeam", j))
        ],
        "data": [
            {"meaning": "related", "reference": one} for one in town.refs(["CarePlan", "Goal"][i % 2], j)
        ],
    }
    category, law = GROUNDS[(i + j) % len(GROUNDS)]
    consent = {
        "resourceType": "Consent", "scope": codes.CONSENT_SCOPE.concept(), "patient": to(person), **ACTIVE,
        "category": [category.concept()], "policy": [{"uri": law}], "organization": town.refs("Organization", j),
        "performer": [to(person)], "dateTime": "2026-01-01",
    }  # fmt: skip
    contact = {
        "resourceType": "CareTeam", **about, **ACTIVE, "category": [codes.FIXED_CONTACT.concept()],
        "participant": [{"role": [codes.FIXED_CARE_CONTACT.concept()], "member": one} for one in member],
        "period": {"start": "2026-02-01"},
    }  # fmt: skip
    task = {
        "resourceType": "Task",
        "status": "requested",
        "intent": "plan",
        "for": to(person),
        "basedOn": plan,
    }
    observation = {"resourceType": "Observation", "status": "final", "code": {"text": "a"}, **about}
    encounter = {"resourceType": "Encounter", "status": "finished", **about}
    encounter |= {"class": {"system": codes.ENCOUNTER_CLASS, "code": "AMB"}}
    team = {"resourceType": "CareTeam", **about, **ACTIVE, "category": [codes.PLAN_TEAM.concept()]}
    message = {"resourceType": "Communication", "status": "completed", **about, "recipient": member}
    make: dict[str, list[dict[str, Any]]] = {
        "goal": [goal],
        "condition": [{"resourceType": "Condition", **about}],
        "observation": [observation | {"basedOn": plan}],
        "task": [task | ({"owner": member[0]} if member else {})],
        "message": [message | {"basedOn": plan, "about": town.refs("Condition", j)}],
        "encounter": [encounter],
        "relative": [{"resourceType": "RelatedPerson", "patient": to(person)}],
        "plan": [draft | {"careTeam": town.refs("CareTeam", i), "goal": town.refs("Goal", j)}],
        "plan of parts": [draft | {"supportingInfo": parts, "careTeam": town.refs("CareTeam", j)}],
        "plan and its parts": [
            goal | {"_url": urn("goal")},
            encounter | {"_url": urn("encounter")},
            draft | {"goal": [to(urn("goal"))], "supportingInfo": [to(urn("encounter"))],
                     "careTeam": town.refs("CareTeam", i)},
        ],
        "team": [team | {"participant": [{"member": one, **place} for one in member]}],
        "contact": [contact],
        "consent": [consent | {"provision": {name: one for name, one in provision.items() if one}}],
        "consent ends": town.changed("Consent", i, status="inactive"),
        "team changes": town.changed("CareTeam", i, participant=[{"member": one, **place} for one in member]),
        "plan gets a team": town.changed("CarePlan", i, careTeam=town.refs("CareTeam", j)),
        "plan gets parts": town.changed("CarePlan", i, supportingInfo=parts, goal=town.refs("Goal", j)),
        "goal changes": town.changed("Goal", i, description={"text": "b"}),
        "task moves": town.changed("Task", i, basedOn=plan),
        "observation moves": town.changed("Observation", i, basedOn=plan),
        "relative changes": town.changed("RelatedPerson", i, active=True),
        "person changes": town.changed("Patient", 1, gender="female"),
        "unit changes": town.changed("Organization", j, type=town.unit_kind(i)),
        "condition changes": town.changed("Condition", i, code={"text": "b"}),
    }  # fmt: skip
    return [{k: v for k, v in one.items() if v != []} for one in make[action]]


ACTIONS = [
    "goal", "condition", "observation", "task", "message", "encounter", "relative", "plan", "plan of parts",
    "plan and its parts", "team", "contact", "consent", "consent ends", "team changes", "plan gets a team",
    "plan gets parts", "goal changes", "task moves", "observation moves", "relative changes", "person changes",
    "condition changes", "unit changes",
]  # fmt: skip
steps = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 2), st.integers(1, 11), st.integers(1, 11)),
    min_size=10, max_size=40,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_after_any_sequence_of_writes_the_stored_readers_are_those_of_the_rules(
    sequence: list[tuple[str, int, int, int]],
) -> None:
    anyio.run(_walk, sequence)


async def _walk(sequence: list[tuple[str, int, int, int]]) -> None:
    town = Town()
    await town.begin()
    for action, who, i, j in sequence:
        resources = written(town, action, i, j)
        refused = True
        with contextlib.suppress(SipError):
            if resources:
                await town.write(STAFF[who], *resources)
                refused = False
        event(f"{action}: {'refused' if refused else 'stored'}")
        found = differences(town.desk.records.whole(town.made["Patient"][0]))
        assert not found, f"after {action}: {'; '.join(map(str, found))}"


def test_a_difference_says_who_reads_without_right_and_who_is_shut_out() -> None:
    told = str(Difference("Goal/1", (Reader("SE-thief"),), (Reader("SE-owner"),)))
    assert "without right SE-thief" in told
    assert "shut out SE-owner" in told
