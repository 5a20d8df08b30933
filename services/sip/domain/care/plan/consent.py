"""A SIP is made with the person's consent, or on a recorded lawful ground without it.

Consent: HSL 16 kap. 4 §, SoL 10 kap. 8 §. A child may get necessary care and support without it
(OSL 25 kap. 12 §, 26 kap. 9 §); for a person unable to consent region and municipality agree.
"""

from collections.abc import Iterator
from typing import Final

from services.sip.domain.care.age import is_child
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.parties import unit_behind, upwards
from services.sip.domain.care.plan.facts import PlanFacts
from services.sip.domain.care.plan.responsibility import parties
from services.sip.domain.care.reading import codes_in, extension, has_code, of_type, says_something, target
from services.sip.domain.care.violation import Violation
from services.sip.domain.codes import CONSENT_SIP, EXT_LAWFUL_GROUND, LAWFUL_GROUND, LAWFUL_GROUNDS
from services.sip.domain.consent_cover import concerns, names_party
from services.sip.domain.held import Resource
from services.sip.domain.moments import span_of_period

_WHERE: Final = "CarePlan.supportingInfo"


def consent_or_ground(facts: PlanFacts) -> Iterator[Violation]:
    """Refuse what rests on neither; a ground that is stated is judged, and suffices when it holds."""
    ground = extension(facts.plan, EXT_LAWFUL_GROUND)
    if ground is not None:
        yield from _flaws_of_ground(facts, ground.get("valueCodeableConcept", {}))
        return
    given = consents_to(facts.plan, facts.context)
    valid = [consent for consent in given if is_valid(consent, facts.context)]
    if not valid:
        yield Violation("plan-consent", _nothing_valid(given, facts.context), _WHERE, facts.law())
        return
    for unit in parties(facts):
        if not any(covers(consent, unit, facts.context) for consent in valid):
            yield Violation(
                "plan-consent-parties",
                f"The person's consent does not cover {unit}; ask the person, and write a Consent whose "
                "provision.actor names it, or names nobody and so means every party.",
                _WHERE,
                facts.law(),
            )


def consents_to(plan: Resource, context: CareContext) -> list[Resource]:
    """Give the consents to SIP that are about this plan or about plans in general, in force or not."""
    key = context.key_of(plan)
    return [consent for _, consent in of_type(context.person, "Consent") if _is_about(consent, key)]


def _is_about(consent: Resource, plan_key: str) -> bool:
    permit = consent.get("provision", {}).get("type", "permit") == "permit"
    return has_code(consent.get("category"), CONSENT_SIP) and permit and concerns(consent, plan_key)


def is_valid(consent: Resource, context: CareContext) -> bool:
    """Tell whether a consent is in force now."""
    start, end = span_of_period(consent.get("provision", {}).get("period"))
    return consent.get("status") == "active" and start <= context.now < end


def covers(consent: Resource, unit: str, context: CareContext) -> bool:
    """Tell whether a consent lets the unit take part: nobody named, or the unit, its giver or its team."""
    directory = context.directory
    roles = {
        key for key in directory if not key.startswith("Organization/") and unit_behind(key, context) == unit
    }
    teams = {key for key, team in of_type(context.person, "CareTeam") if unit in _units_of(team, context)}
    return names_party(consent, {*upwards(unit, context), *roles, *teams})


def _units_of(team: Resource, context: CareContext) -> set[str | None]:
    return {
        unit_behind(target(one.get("member")), context)
        for one in team.get("participant", ())
        if span_of_period(one.get("period"))[1] > context.now
    }


def _nothing_valid(given: list[Resource], context: CareContext) -> str:
    active = [consent for consent in given if consent.get("status") == "active"]
    if not given:
        found = "There is no consent to this plan"
    elif not active:
        found = "The consent to this plan is not active (withdrawn, or not yet given)"
    elif all(span_of_period(one.get("provision", {}).get("period"))[0] > context.now for one in active):
        found = "The consent to this plan has not begun to apply"
    else:
        found = "The consent to this plan has run out"
    return f"{found}; write a Consent of category sip, or state the lawful ground {EXT_LAWFUL_GROUND}."


def _flaws_of_ground(facts: PlanFacts, ground: Resource) -> Iterator[Violation]:
    code = next((one for one in codes_in(ground, LAWFUL_GROUND) if one in LAWFUL_GROUNDS), None)
    if code is None:
        yield _flaw(
            f"The ground is none of {', '.join(LAWFUL_GROUNDS)}; state one, or have consent.", facts.law()
        )
    elif not says_something(ground.get("text")):
        yield _flaw(
            "The ground is not explained; say in its text why the plan is made without consent.", facts.law()
        )
    if code == "child-necessary-care" and not _is_childs(facts.plan, facts.context):
        yield _flaw(
            "This ground is for a child, and the person is not known to be under 18; have consent, or see to "
            "Patient.birthDate.",
            "OSL 25 kap. 12 §; OSL 26 kap. 9 §",
        )
    if code == "unable-to-consent" and not facts.context.agreed.plan_without_consent_when_unable:
        yield _flaw(
            "Region and municipality have not agreed to plan for a person who cannot consent.", facts.law()
        )


def _flaw(text: str, basis: str) -> Violation:
    return Violation("plan-lawful-ground", text, "CarePlan.extension", basis)


def _is_childs(plan: Resource, context: CareContext) -> bool:
    return is_child(context.person.get(target(plan.get("subject")) or ""), context.now)
