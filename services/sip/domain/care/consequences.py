"""What follows from a change and is written with it: a contact ends, a practitioner changes, a plan rests."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Final

from services.sip.domain.care.contact.attention import entries_following
from services.sip.domain.care.contact.endings import contacts_following
from services.sip.domain.care.contact.facts import is_fixed_contact, read_contact
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.patient import derived_practitioners, practitioners_of
from services.sip.domain.care.plan.consent import consent_or_ground
from services.sip.domain.care.plan.facts import PlanFacts
from services.sip.domain.care.plan.kind import PlanKind, kind_of
from services.sip.domain.care.reading import of_type, target
from services.sip.domain.held import Resource

Follow = Callable[[Resource | None, Resource, CareContext], list[Resource]]


def consequences(before: Resource | None, after: Resource, context: CareContext) -> list[Resource]:
    """Give the new versions that follow from an accepted change, complete, to commit in its transaction."""
    follow = _FOLLOW.get(after["resourceType"])
    return follow(before, after, context) if follow else []


def _of_a_contact(before: Resource | None, after: Resource, context: CareContext) -> list[Resource]:
    """The earlier contact of the kind ends the moment this begins, and the person's practitioner follows."""
    if not is_fixed_contact(after):
        return []
    contact = read_contact(after, context)
    followed = contacts_following(before, contact, context)
    person = target(after.get("subject")) or ""
    patient = context.person.get(person)
    as_it_will_be = replace(context, person={**context.person, **{_key(one): one for one in followed}})
    entries = entries_following(before, contact, as_it_will_be)
    mirrored = _with_practitioner(patient, person, as_it_will_be) if patient else []
    return [*followed, *entries, *mirrored]


def _key(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def _of_a_patient(_before: Resource | None, after: Resource, context: CareContext) -> list[Resource]:
    """A caller may leave the derived practitioner out; the record keeps it."""
    return _with_practitioner(after, context.key_of(after), context)


def _with_practitioner(patient: Resource, key: str, context: CareContext) -> list[Resource]:
    derived = derived_practitioners(context)
    if derived == practitioners_of(patient):
        return []
    kept = {name: value for name, value in deepcopy(patient).items() if name != "generalPractitioner"}
    kept["id"] = key.partition("/")[2]
    return [kept | ({"generalPractitioner": [{"reference": one} for one in derived]} if derived else {})]


def _of_a_consent(before: Resource | None, after: Resource, context: CareContext) -> list[Resource]:
    """A plan whose consent is withdrawn is put on hold: a SIP rests on it (HSL 16 kap. 4 §, SoL 10 kap. 8 §).

    Ending the plan is for people to decide; on hold nobody acts on it until consent or ground is there again.
    """
    if before is None:
        return []
    earlier = replace(context, person={**context.person, context.key_of(after): before})
    return [
        deepcopy(plan) | {"id": key.partition("/")[2], "status": "on-hold"}
        for key, plan in of_type(context.person, "CarePlan")
        if plan.get("status") == "active"
        and (kind := kind_of(plan)) is not None
        and kind is not PlanKind.LSS
        and _rests_on_nothing(plan, kind, context)
        and not _rests_on_nothing(plan, kind, earlier)
    ]


def _rests_on_nothing(plan: Resource, kind: PlanKind, context: CareContext) -> bool:
    return any(consent_or_ground(PlanFacts(plan, kind, context)))


_FOLLOW: Final[Mapping[str, Follow]] = {
    "CareTeam": _of_a_contact,
    "Patient": _of_a_patient,
    "Consent": _of_a_consent,
}
HAVING_CONSEQUENCES: Final = frozenset(_FOLLOW)
"""The types of which a change can have any."""
