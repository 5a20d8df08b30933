"""Who may read what in a person's record: one pure function over the whole record decides it.

Writes apply its answer to the stored `readers`; `samplan sip verify-readers` recomputes and compares.
PDL 4 kap. 1 §, lag (2022:913) 3 kap. 1 §, OSL 25 kap. 1 §, 26 kap. 1 §: a relation, and consent or other ground.
"""

from collections.abc import Iterable, Iterator, Mapping

from services.sip.domain import codes
from services.sip.domain.held import ALWAYS, FOREVER, Directory, Held, Reader, Record, Resource, merged
from services.sip.domain.moments import Span, span_of_period
from services.sip.domain.resource_types import TYPES, references_at, values_at


def readers_of_record(
    record: Record, directory: Directory, relations: Iterable[str]
) -> dict[str, tuple[Reader, ...]]:
    """Give the readers of every resource in one person's record; `relations` are the units that wrote in it."""
    rights: dict[str, list[Reader]] = {key: [] for key in record}
    for held in record.values():
        rights[held.key] += _own(held)
        rights[held.key] += _addressees(held, record, directory)
    for plan in (held for held in record.values() if held.type == "CarePlan"):
        parties = _parties(plan, record, directory)
        units = {one.unit for one in parties}
        for key in _circle(plan, record):
            if key == plan.key or record[key].own.unit in units or record[key].own.unit is None:
                rights[key] += parties
    everyone = [reader for readers in rights.values() for reader in readers]
    everyone += [Reader(unit) for unit in relations]
    for held in record.values():
        if held.type in {"Patient", "RelatedPerson"}:
            rights[held.key] += everyone
    return {key: merged(readers) for key, readers in rights.items()}


def _own(held: Held) -> Iterator[Reader]:
    """The unit that wrote it keeps seeing it, and so does the person it is about."""
    if held.own.unit:
        yield Reader(held.own.unit)
    if held.patient:
        yield Reader(held.patient)


def _parties(plan: Held, record: Record, directory: Directory) -> list[Reader]:
    """The unit that began the plan, and the units of the team's members while member and consented to."""
    parties = [Reader(plan.own.unit)] if plan.own.unit else []
    for team in references_at(plan.resource, "careTeam"):
        if team not in record or record[team].resource.get("status") in {"inactive", "entered-in-error"}:
            continue
        for participant in record[team].resource.get("participant", []):
            for member in references_at(participant, "member"):
                reader = _reader_key(member, directory)
                if reader:
                    member_for = span_of_period(participant.get("period"))
                    parties += _consented(reader, member_for, plan, team, record, directory)
    return parties


def _reader_key(member: str, directory: Directory) -> str | None:
    """A unit behind a role or an organization; a relative or the person is a reader of their own."""
    if member.startswith(("RelatedPerson/", "Patient/")):
        return member
    held = directory.get(member)
    return held.place.unit if held else None


def _consented(
    reader: str, wanted: Span, plan: Held, team: str | None, record: Record, directory: Directory
) -> Iterator[Reader]:
    """Narrow a right to the times that consent or another lawful ground covers."""
    if reader == plan.own.unit or reader == plan.patient or _has_ground(plan.resource):
        yield Reader(reader, *wanted)
        return
    for consent in (held.resource for held in record.values() if held.type == "Consent"):
        if covers(consent, reader, plan.key, team, directory):
            given = span_of_period(consent["provision"].get("period"))
            yield Reader(reader, max(wanted[0], given[0]), min(wanted[1], given[1]))


def covers(consent: Resource, unit: str, plan: str, team: str | None, directory: Directory) -> bool:
    """Tell whether a consent lets this unit take part of this plan (its time apart)."""
    provision = consent.get("provision", {})
    if consent.get("status") != "active" or provision.get("type", "permit") != "permit":
        return False
    plans = references_at(provision, "data.reference")
    if plans and plan not in plans:
        return False
    actors = references_at(provision, "actor.reference")
    named = {place for actor in actors if (held := directory.get(actor)) for place in (held.place.unit, _giver(held))}
    return not actors or (team is not None and team in actors) or unit in actors or unit in named or any(
        _giver_of_unit(unit, directory) == giver for giver in named if giver
    )


def _giver(held: Held) -> str | None:
    """Naming a whole region or municipality covers its units; naming a unit covers that unit alone."""
    return held.place.giver if held.type == "Organization" and held.place.unit == held.place.giver else None


def _giver_of_unit(unit: str, directory: Directory) -> str | None:
    return next((held.place.giver for held in directory.values() if held.place.unit == unit), None)


def _has_ground(plan: Resource) -> bool:
    return any(one.get("url") == codes.EXT_LAWFUL_GROUND for one in plan.get("extension", []))


def _addressees(held: Held, record: Record, directory: Directory) -> Iterator[Reader]:
    """The unit a task, call or meeting is addressed to sees it, and the holder of a fixed contact sees that."""
    row = TYPES[held.type]
    for target in references_at(held.resource, *row.addressees):
        unit = _reader_key(target, directory)
        if unit:
            plans = [record[key] for key in references_at(held.resource, *row.belongs) if key in record]
            if unit == held.own.unit or unit == held.patient:
                yield Reader(unit)
            for plan in plans or [held]:
                yield from _consented(unit, (ALWAYS, FOREVER), plan, None, record, directory)
    if held.type == "CareTeam" and is_fixed_contact(held.resource):
        for participant in held.resource.get("participant", []):
            for member in references_at(participant, "member"):
                unit = _reader_key(member, directory)
                if unit:
                    yield Reader(unit, *span_of_period(held.resource.get("period")))


def is_fixed_contact(team: Mapping[str, object]) -> bool:
    """Tell a fixed contact from a plan's team by its category."""
    codings = values_at(team, "category.coding")
    return any((one.get("system"), one.get("code")) == codes.FIXED_CONTACT for one in codings)


def _circle(plan: Held, record: Record) -> set[str]:
    """Everything that belongs to a plan: what it refers to, and what says that it belongs to it."""
    row_refs = ("careTeam", "goal", "addresses", "supportingInfo", "activity.reference")
    found = {plan.key, *(key for key in references_at(plan.resource, *row_refs) if key in record)}
    grew = True
    while grew:
        joining = {
            held.key
            for held in record.values()
            if held.key not in found
            and held.type != "CarePlan"
            and any(key in found for key in references_at(held.resource, *TYPES[held.type].belongs))
        }
        found |= joining
        grew = bool(joining)
    return found
