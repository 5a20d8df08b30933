"""Who may read what in a person's record: one pure function over the whole record decides it.

Writes apply its answer to the stored `readers`; `samplan sip verify-readers` recomputes and compares.
PDL 4 kap. 1 §, lag (2022:913) 3 kap. 1 §, OSL 25 kap. 1 § and 26 kap. 1 §: a relation, and consent or other ground.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from services.sip.domain import codes
from services.sip.domain.blocks import blocks_in, outside, without_blocked
from services.sip.domain.consent_cover import (
    OUTSIDE_SHARED_RECORD,
    SHARING,
    categories_of,
    concerns,
    in_force,
    names_of,
    names_party,
    permits,
)
from services.sip.domain.emergency import ABOUT_THE_PERSON, Opening, rights_of
from services.sip.domain.held import ALWAYS, FOREVER, Directory, Held, Reader, Record, Resource, merged
from services.sip.domain.minors import Ages, guardians, kept_from_guardians, themselves
from services.sip.domain.moments import Span, span_of_period
from services.sip.domain.resource_types import BULK, TYPES, references_at, values_at

PLAN_PARTS: Final = ("careTeam", "goal", "addresses", "supportingInfo", "activity.reference")
OVER: Final = frozenset({"inactive", "entered-in-error"})
ATTENDED: Final = frozenset({"requested", "received", "accepted", "ready", "in-progress", "on-hold"})
"""An entry of the work list that somebody still has to see to."""


def readers_of_record(
    record: Record,
    directory: Directory,
    relations: Iterable[str],
    openings: Collection[Opening] = (),
    ages: Ages = Ages(),  # noqa: B008 - it is frozen
) -> dict[str, tuple[Reader, ...]]:
    """Give the readers of every resource in one person's record.

    `relations` are the units that wrote in it; `openings` are the emergencies it was opened in.
    """
    scene = _Scene(record, directory)
    near = _Near(record, ages)
    rights = {held.key: [*near.own(held), *scene.addressees(held)] for held in record.values()}
    for plan in (held for held in record.values() if held.type == "CarePlan"):
        parties = [*scene.parties(plan)]
        for key in circle_of(plan, record):
            entitled = [*parties, *(scene.parties(plan, key) if scene.names_things else ())]
            # A party passes on what its own side wrote, never what it may itself only borrow from another plan.
            if key == plan.key or record[key].own.unit in {None, *(one.unit for one in entitled)}:
                rights[key] += entitled
    blocks = blocks_in(record, directory)
    if blocks:
        givers = scene.givers()
        rights = {
            key: without_blocked(record[key], readers, blocks, givers) for key, readers in rights.items()
        }
    related = [Reader(unit) for unit in relations]
    related += [reader for readers in rights.values() for reader in readers]
    for held in record.values():
        if held.type in ABOUT_THE_PERSON:
            rights[held.key] += related
        for opening in () if is_hidden(held) else openings:
            rights[held.key] += rights_of(opening, held, blocks)
    return {key: merged(readers) for key, readers in rights.items()}


class _Near:
    """The unit that wrote something keeps seeing it; so does the person it is about, and a young child's guardian."""

    def __init__(self, record: Record, ages: Ages) -> None:
        person = next((held for held in record.values() if held.type == "Patient"), None)
        self._patient, self._ages = person.resource if person else None, ages
        self._guardians = guardians(record, self._patient, ages)

    def own(self, held: Held) -> Iterator[Reader]:
        if held.own.unit:
            yield Reader(held.own.unit)
        if held.patient:
            yield themselves(held.patient, self._patient, self._ages)
            if not is_hidden(held) and not kept_from_guardians(held):
                yield from self._guardians


class _Scene:
    """One person's record with the directory it speaks of."""

    def __init__(self, record: Record, directory: Directory) -> None:
        self.record, self.directory = record, directory
        consents = [held.resource for held in record.values() if held.type == "Consent"]
        self.consents = [one for one in consents if permits(one)]
        self.objections = [one for one in consents if in_force(one) and "objection" in categories_of(one)]
        named = (key for one in self.consents for key in references_at(one, "provision.data.reference"))
        self.names_things = any(not key.startswith("CarePlan/") for key in named)
        entries = (
            one.resource for one in record.values() if one.type == "Task" and is_attention(one.resource)
        )
        opened = (one for one in entries if one.get("status") in ATTENDED)
        self.watched = {key for one in opened for key in references_at(one, "focus")}
        self._names: dict[str, frozenset[str]] = {}

    def givers(self) -> dict[str, str | None]:
        """Give the care giver of every unit that is known here."""
        places = [held.own for held in self.record.values()] + [one.place for one in self.directory.values()]
        return {place.unit: place.giver for place in places if place.unit}

    def parties(self, plan: Held, thing: str | None = None) -> Iterator[Reader]:
        """The unit that began the plan, and the team's members while they are members and consented to."""
        if plan.own.unit:
            yield Reader(plan.own.unit)
        for team in references_at(plan.resource, "careTeam"):
            if team in self.record and self.record[team].resource.get("status") not in OVER:
                for reader, period in self._members(self.record[team].resource):
                    yield from self._consented(reader, period, plan, {team, thing or plan.key})

    def addressees(self, held: Held) -> Iterator[Reader]:
        """The unit a task, call or meeting is addressed to, and the unit of whoever holds a fixed contact."""
        if held.type == "CareTeam" and is_fixed_contact(held.resource):
            watched = held.key in self.watched  # who is to see to what ended must see what that was
            ends = (ALWAYS, FOREVER) if watched else span_of_period(held.resource.get("period"))
            yield from (Reader(reader, *ends) for reader, _ in self._members(held.resource))
        row = TYPES[held.type]
        plans = [self.record[key] for key in references_at(held.resource, *row.belongs) if key in self.record]
        owed = _owed_by_law(held) or self._about_its_own_contact(held)
        for target in references_at(held.resource, *row.addressees):
            if (reader := self._reader(target)) and owed:
                yield Reader(reader)
            elif reader:
                for plan in plans or [held]:
                    yield from self._consented(reader, (ALWAYS, FOREVER), plan, {held.key})

    def _about_its_own_contact(self, held: Held) -> bool:
        """An entry of the work list is for the unit whose contact it is about: it takes part (PDL 4 kap. 1 §)."""
        if not is_attention(held.resource):
            return False
        about = [self.record[key] for key in references_at(held.resource, "focus") if key in self.record]
        teams = [one.resource for one in about if one.type == "CareTeam" and is_fixed_contact(one.resource)]
        units = {reader for team in teams for reader, _ in self._members(team)}
        return {self._reader(key) for key in references_at(held.resource, "owner")} <= units

    def _members(self, team: Resource) -> Iterator[tuple[str, Span]]:
        for participant in team.get("participant", []):
            for member in references_at(participant, "member"):
                if reader := self._reader(member):
                    yield reader, span_of_period(participant.get("period"))

    def _reader(self, member: str) -> str | None:
        """A unit behind a role or an organization; a relative, or the person, is a reader of their own."""
        if member.startswith(("RelatedPerson/", "Patient/")):
            return member
        held = self.directory.get(member)
        return held.place.unit if held else None

    def _consented(self, reader: str, wanted: Span, plan: Held, also: Collection[str]) -> Iterator[Reader]:
        """Narrow a right to the times that consent or another lawful ground covers."""
        if reader in {plan.own.unit, plan.patient} or _has_ground(plan.resource):
            yield Reader(reader, *wanted)
            return
        names = self._names_of(reader)
        for consent in self.consents:
            about = any(concerns(consent, plan.key, one) for one in also)
            if about and names_party(consent, names.union(also)):
                given = span_of_period(consent["provision"].get("period"))
                right = Reader(reader, max(wanted[0], given[0]), min(wanted[1], given[1]))
                yield from self._lawfully(right, consent, names, plan)

    def _lawfully(
        self, right: Reader, consent: Resource, names: frozenset[str], plan: Held
    ) -> Iterator[Reader]:
        """Lag (2022:913) reaches some units alone, and its consent yields to an objection (2 kap. 3 §)."""
        if categories_of(consent) & SHARING != {"shared-record"}:
            yield right
            return
        if not self._kinds(names).isdisjoint(OUTSIDE_SHARED_RECORD):
            return
        left = [right]
        for objection in self.objections:
            if concerns(objection, plan.key) and names_party(objection, names):
                span = span_of_period(objection.get("provision", {}).get("period"))
                left = [kept for one in left for kept in outside(one, span)]
        yield from left

    def _kinds(self, names: frozenset[str]) -> set[str]:
        codings = [one for key in names for one in values_at(self.directory[key].resource, "type.coding")]
        return {str(one.get("code")) for one in codings if one.get("system") == codes.UNIT_KIND}

    def _names_of(self, reader: str) -> frozenset[str]:
        if reader not in self._names:
            self._names[reader] = frozenset(names_of(reader, self.directory))
        return self._names[reader]


def _has_ground(plan: Resource) -> bool:
    return any(one.get("url") == codes.EXT_LAWFUL_GROUND for one in plan.get("extension", []))


def _owed_by_law(held: Held) -> bool:
    """What a hospital has to tell at admission and discharge needs no consent (lag (2017:612), OSL 10 kap. 28 §)."""
    codings = values_at(held.resource, "category.coding") if held.type == "Communication" else []
    notices = {(one.get("system"), one.get("code")) for one in codings}.intersection(codes.DISCHARGE_NOTICES)
    return bool(notices) and held.resource.get("status") == "completed"


def is_fixed_contact(team: Mapping[str, object]) -> bool:
    """Tell a fixed contact from a plan's team by its category."""
    codings = values_at(team, "category.coding")
    return any((one.get("system"), one.get("code")) == codes.FIXED_CONTACT for one in codings)


def is_attention(task: Mapping[str, object]) -> bool:
    """Tell an entry of the work list by its code."""
    codings = values_at(task, "code.coding") if task.get("resourceType") == "Task" else []
    return any((one.get("system"), one.get("code")) == codes.TASK_ATTENTION for one in codings)


def is_hidden(held: Held) -> bool:
    """Who blocked or objected is told to nobody else (lag (2022:913) 2 kap. 5 §), whatever refers to it."""
    return held.type == "Consent" and not {"block", "objection"}.isdisjoint(categories_of(held.resource))


def circle_of(plan: Held, record: Record) -> set[str]:
    """Everything that belongs to a plan: what it refers to, and what says that it belongs to it."""
    parts = (key for key in references_at(plan.resource, *PLAN_PARTS) if key in record)
    # A person has too many contacts to look through at each write, so none of them is ever part of a plan.
    found = {plan.key, *(key for key in parts if record[key].type not in BULK and not is_hidden(record[key]))}
    joining = found
    while joining:
        joining = {
            held.key
            for held in record.values()
            if held.key not in found
            and held.type != "CarePlan"
            and not is_hidden(held)
            and not found.isdisjoint(references_at(held.resource, *TYPES[held.type].belongs))
        }
        found |= joining
    return found
