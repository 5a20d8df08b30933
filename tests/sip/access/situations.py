"""The situations that decisions.csv speaks of, as records: nothing here knows what the decision is."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from services.sip.domain import codes
from services.sip.domain.held import Held, Place

NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
PERSON: Final = "Patient/p"
RELATIVE: Final = "RelatedPerson/r"
PLAN: Final = "CarePlan/1"
TEAM: Final = "CareTeam/1"
CONTACT: Final = "CareTeam/contact"
OUTSIDE: Final = "Observation/outside"
CARING: Final = (
    PLAN, TEAM, "Goal/1", "Task/1", "Condition/1", "Observation/1", "Communication/1", "Appointment/1",
    "AppointmentResponse/1", "QuestionnaireResponse/1", "Provenance/1",
)  # fmt: skip
"""A plan and one thing of every type that can belong to it, all written by the unit that began the plan."""

UNITS: Final = {
    "home-nursing": ("SE-town", "municipal-nursing"),
    "home-care": ("SE-town", "home-care"),
    "residential-care": ("SE-town", "residential-care"),
    "social-services": ("SE-town", "social-services"),
    "health-centre": ("SE-region", "primary-care"),
    "hospital": ("SE-region", "hospital"),
    "other-region": ("SE-other", "primary-care"),
}
AUTHOR: Final = Place("SE-home-nursing", "SE-town")
PAST: Final = {"start": "2026-01-01", "end": "2026-11-22T12:00:00Z"}
PRESENT: Final = {"start": "2026-11-22T12:00:00Z", "end": "2026-11-22T12:00:01Z"}
TO_COME: Final = {"start": "2026-11-22T12:00:01Z", "end": "2027-01-01"}


def reader_of(caller: str) -> str:
    """Give whom `readers` must name."""
    return {"resident": PERSON, "relative": RELATIVE}.get(caller, f"SE-{caller}")


def member_of(caller: str) -> str:
    """Give what a team names."""
    return {"resident": PERSON, "relative": RELATIVE}.get(caller, f"PractitionerRole/{caller}")


def directory() -> dict[str, Held]:
    """Give three care givers, their units and one assignment at each."""
    rows = {}
    for name, (giver, kind) in UNITS.items():
        place, unit, top = Place(f"SE-{name}", giver), f"Organization/{name}", f"Organization/{giver}"
        coding = {"coding": [{"system": codes.UNIT_KIND, "code": kind}]}
        rows[top] = Held(top, 1, {"resourceType": "Organization"}, place=Place(giver, giver))
        above = {"partOf": to(top), "type": [coding]}
        rows[unit] = Held(unit, 1, {"resourceType": "Organization", **above}, place=place)
        role = {"resourceType": "PractitionerRole", "organization": to(unit)}
        rows[f"PractitionerRole/{name}"] = Held(f"PractitionerRole/{name}", 1, role, place=place)
    return rows


def record(row: Mapping[str, str]) -> dict[str, Held]:
    """Give the record in which a row's situation holds."""
    caller, relation = row["caller"], row["relation"]
    plan: dict[str, Any] = {
        "careTeam": [to(TEAM)], "goal": [to("Goal/1")], "addresses": [to("Condition/1")],
        "supportingInfo": [to("Observation/1")],
    }  # fmt: skip
    if row["ground"] in {"child", "unable"}:
        plan["extension"] = [{"url": codes.EXT_LAWFUL_GROUND}]
    based = {"basedOn": [to(PLAN)]}
    task = {"owner": to(member_of(caller))} if relation == "addressee" else {}
    call = {"recipient": [to(member_of(caller))]} if relation == "called" else {}
    parts = [
        held(PLAN, **plan), held(TEAM, **team(caller, relation)), held("Goal/1"), held("Condition/1"),
        held("Observation/1"), held("Task/1", **based, **task), held("Communication/1", **based, **call),
        held("Appointment/1", supportingInformation=[to(PLAN)]),
        held("AppointmentResponse/1", appointment=to("Appointment/1")),
        held("QuestionnaireResponse/1", **based), held("Provenance/1", target=[to(PLAN)]),
        held(CONTACT, **contact(caller, relation)), held(OUTSIDE),
        *consents(caller, row["ground"]), *shut(row["shut"]),
    ]  # fmt: skip
    return {one.key: one for one in parts}


def team(caller: str, relation: str) -> dict[str, Any]:
    """Give the plan's team; the author is always in it."""
    periods = {"member": PRESENT, "past-member": PAST, "future-member": TO_COME, "member-of-ended-team": {}}
    members: list[dict[str, Any]] = [{"member": to("PractitionerRole/home-nursing")}]
    if relation in periods:
        members.append({"member": to(member_of(caller)), "period": periods[relation]})
    status = "inactive" if relation == "member-of-ended-team" else "active"
    return {"status": status, "participant": members}


def contact(caller: str, relation: str) -> dict[str, Any]:
    """Give a fixed contact."""
    periods = {"contact-holder": PRESENT, "past-contact-holder": PAST}
    holder = member_of(caller) if relation in periods else "PractitionerRole/home-nursing"
    category = [codes.FIXED_CONTACT.concept()]
    return {
        "category": category,
        "participant": [{"member": to(holder)}],
        "period": periods.get(relation, {}),
    }


def consents(caller: str, ground: str) -> list[Held]:
    """Give the consents of a ground, named by its words."""
    kinds = {
        "sip": "sip",
        "shared-record": "shared-record",
        "waiver": "secrecy-waiver",
        "without-category": "",
    }
    kind = next((word for word in kinds if ground.startswith(word)), None)
    if kind is None:
        return []
    detail = ground.removeprefix(kind).lstrip("-")
    giver = UNITS.get(caller, ("SE-region", ""))[0]
    actors = {
        "names-caller": f"Organization/{caller}", "names-giver": f"Organization/{giver}", "names-team": TEAM,
        "names-role": f"PractitionerRole/{caller}", "names-other": "Organization/residential-care",
    }  # fmt: skip
    data = {"this-plan": PLAN, "other-plan": "CarePlan/other", "one-thing": "Goal/1"}
    provision: dict[str, Any] = {"period": {"expired": PAST, "to-come": TO_COME}.get(detail, PRESENT)}
    provision["type"] = "deny" if detail == "refused" else "permit"
    if detail in actors:
        provision["actor"] = [{"reference": to(actors[detail])}]
    if detail in data:
        provision["data"] = [{"reference": to(data[detail])}]
    status = {"withdrawn": "inactive", "proposed": "proposed"}.get(detail, "active")
    return [consent("Consent/1", kinds[kind], AUTHOR, status=status, provision=provision)]


def shut(how: str) -> list[Held]:
    """Give the blocks and objections of a situation."""
    if how == "none":
        return []
    inner, outer = [to("Organization/home-nursing")], [to("Organization/SE-town")]
    status = "inactive" if how.endswith("lifted") else "active"
    period = {"block-past": PAST, "block-to-come": TO_COME}.get(how, {})
    kind = "objection" if how.startswith("objection") else "block"
    about = {"outer-block": outer, "block-of-another-unit": [to("Organization/hospital")]}.get(how, inner)
    provision = {"type": "deny", "period": period}
    return [consent("Consent/2", kind, AUTHOR, status=status, provision=provision, organization=about)]


def consent(key: str, kind: str, own: Place, **more: Any) -> Held:
    """Give a consent of one category."""
    category = [codes.Code(codes.CONSENT_CATEGORY, kind).concept()] if kind else []
    return Held(key, 1, {"resourceType": "Consent", "category": category, **more}, PERSON, own)


def held(key: str, **content: Any) -> Held:
    """Give what the author wrote."""
    return Held(key, 1, {"resourceType": key.partition("/")[0], **content}, PERSON, AUTHOR)


def to(key: str) -> dict[str, str]:
    """Write a Reference."""
    return {"reference": key}
