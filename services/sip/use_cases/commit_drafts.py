"""Inside one transaction: see what is there, judge, draw the consequences, decide who may read, store."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.chassis.outcome import Told
from services.sip.domain.care import (
    HAVING_CONSEQUENCES,
    CareContext,
    Violation,
    consequences,
    deletion_violations,
    violations,
)
from services.sip.domain.circle import readers_of_record
from services.sip.domain.errors import RulesBroken
from services.sip.domain.held import Held, Place, Reader, Resource, merged
from services.sip.domain.minors import Ages, may_have_guardians, themselves
from services.sip.domain.place import place_of
from services.sip.domain.reach import reaches_whole_record
from services.sip.domain.references import keys_referred_to
from services.sip.domain.resource_types import TYPES, Kind, references_at
from services.sip.domain.search_entries import Entries, entries_of
from services.sip.domain.social_service import SocialService, social_service
from services.sip.use_cases.check_deletions import check_deletions
from services.sip.use_cases.check_references import check_references
from services.sip.use_cases.check_updates import check_update, check_within_scopes
from services.sip.use_cases.drafts import Draft, Policy, Written
from services.sip.use_cases.new_versions import Decided, access_rows, new_version
from services.sip.use_cases.ports import Asking, WriteTransaction
from services.sip.use_cases.protected_persons import (
    check_protected,
    found_as_shown,
    is_shielded,
    newly_judged,
)

PLACE_DEPTH = 4
"""Region or municipality, administration, unit, role: no directory is nested deeper."""

Pairs = Sequence[tuple[Draft, str | None]]


@dataclass
class Scene:
    """Everything one transaction looks at: the directory, each person's record before and as it will be."""

    directory: dict[str, Held] = field(default_factory=dict)
    before: dict[str, Held] = field(default_factory=dict)
    after: dict[str, Held] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    keys: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """What of `after` is whose: with hundreds of persons in one transaction nobody looks through all of it."""

    def lay(self, key: str, held: Held) -> None:
        """Say how a resource will be."""
        if key not in self.after and held.patient:
            self.keys[held.patient].append(key)
        self.after[key] = held

    def of(self, person: str | None) -> dict[str, Held]:
        """Give one person's record as it will be."""
        found = ((key, self.after[key]) for key in self.keys.get(person or "", ()))
        return {key: held for key, held in found if not held.deleted}


async def commit_drafts(pairs: Pairs, asking: Asking, tx: WriteTransaction, policy: Policy) -> list[Written]:
    """Store all drafts with what follows from them; raises the errors of domain/errors.py and stores nothing."""
    scene = await _scene(pairs, asking, tx, policy.agreed.ages)
    for draft, person in pairs:
        before = scene.before.get(draft.key)
        check_update(draft, before, asking)
        check_within_scopes(draft, asking)
        check_protected(draft, before, scene.before, asking)
        scene.lay(draft.key, _laid_over(draft, person, before, asking))
    _settle_places(pairs, scene)
    await check_deletions(pairs, scene.after, asking, tx)
    check_references(pairs, asking, scene.before, scene.after, scene.directory)
    await _complete_directory(pairs, scene, tx)
    _judge(pairs, asking, scene, policy)
    followed = _consequences(pairs, asking, scene, policy)
    readers = _readers(pairs, scene, tx, policy.agreed.ages)
    written = dict.fromkeys([*(draft.key for draft, _ in pairs), *followed])
    social = social_service(scene.after, scene.directory)
    versions = [
        new_version(
            scene.before.get(key),
            scene.after[key],
            Decided(readers[key], social, is_shielded(scene.after[key], scene.after)),
            asking,
            tx.moment(scene.after[key].patient),
        )
        for key in written
    ]
    changed = {
        key: rights
        for key, rights in readers.items()
        if key not in written and rights != scene.before[key].readers
    }
    found_anew = _found_anew(scene, social, written)
    masking, unmasking = newly_judged(scene.before, scene.after, {person for _, person in pairs if person})
    found_anew |= found_as_shown(masking, unmasking, scene.after, written)
    await tx.store(versions, changed, found_anew, access_rows(pairs, followed, scene.after, asking))
    await tx.shield(masking, unmasking - {*written})
    return [
        Written(version_stored, created=draft.creates)
        for (draft, _), version_stored in zip(pairs, (one.stored for one in versions), strict=False)
    ]


async def _scene(pairs: Pairs, asking: Asking, tx: WriteTransaction, ages: Ages) -> Scene:
    """Load what the drafts touch: what they refer to, and whole records where a draft reaches further."""
    scene = Scene()
    wanted = {draft.key for draft, _ in pairs} | {person for _, person in pairs if person}
    for draft, _ in pairs:
        wanted |= keys_referred_to(draft.resource)
    scene.before = await tx.held(wanted)
    if gone := {draft.key for draft, _ in pairs if not draft.creates} - scene.before.keys():
        scene.before |= await tx.deleted(gone)
    scene.whole = _persons_reached(pairs, asking, scene, tx, ages)
    # What an emergency opened is everything, so blocks that come or go meanwhile concern everything too.
    opened = {person for person in scene.whole if tx.moment(person).openings}
    scene.before |= await tx.records_of(scene.whole, opened)
    for key, held in scene.before.items():
        if (row := TYPES.get(held.type)) and row.kind is Kind.DIRECTORY:
            scene.directory[key] = held
    for key, held in scene.before.items():
        if held.patient:
            scene.lay(key, held)
    return scene


def _persons_reached(
    pairs: Pairs, asking: Asking, scene: Scene, tx: WriteTransaction, ages: Ages
) -> set[str]:
    """Give the persons whose whole record has to be looked at."""
    reached: set[str] = set()
    for draft, person in pairs:
        if person and person not in reached:
            moment = tx.moment(person)
            young = may_have_guardians(_resource(scene.before.get(person)), ages, asking.now)
            if moment.fresh or moment.openings or young or _reaches(scene.before.get(draft.key), draft):
                reached.add(person)
    return reached


def _reaches(before: Held | None, draft: Draft) -> bool:
    """What is deleted, or was, may have been anything to the rest of the record."""
    if draft.deletes or (before is not None and before.deleted):
        return True
    return reaches_whole_record(_resource(before), draft.resource)


async def _complete_directory(pairs: Pairs, scene: Scene, tx: WriteTransaction) -> None:
    """Add the directory rows that the records speak of, and those these stand on (role → person, unit → giver)."""
    for draft, _ in pairs:
        if TYPES[draft.type].kind is Kind.DIRECTORY and not draft.deletes:
            scene.directory[draft.key] = scene.after[draft.key]
    if not scene.whole:
        return
    speaking = [*scene.after.values(), *scene.directory.values()]
    wanted = {key for held in speaking for key in keys_referred_to(held.resource)}
    for _ in range(3):
        missing = {
            key
            for key in wanted - scene.directory.keys()
            if (row := TYPES.get(key.split("/")[0])) and row.kind is Kind.DIRECTORY
        }
        if not missing:
            return
        found = await tx.held(missing)
        scene.directory |= found
        wanted = {key for held in found.values() for key in keys_referred_to(held.resource)}


def _laid_over(draft: Draft, person: str | None, before: Held | None, asking: Asking) -> Held:
    if draft.deletes and before is not None:
        return replace(before, version=before.version + 1, deleted=True)
    return Held(
        key=draft.key,
        version=before.version + 1 if before else 1,
        resource=draft.resource,
        patient=person,
        own=before.own if before else _place_of(asking),
        readers=before.readers if before else (),
    )


def _place_of(asking: Asking) -> Place:
    return Place(asking.caller.unit, asking.caller.giver)


def _settle_places(pairs: Pairs, scene: Scene) -> None:
    """Derive the place of directory rows, parents and children in any order within one Bundle."""
    rows = [draft.key for draft, _ in pairs if TYPES[draft.type].kind is Kind.DIRECTORY and not draft.deletes]
    for _ in range(PLACE_DEPTH if rows else 0):
        directory = scene.directory | {key: scene.after[key] for key in rows}
        for key in rows:
            scene.after[key] = replace(scene.after[key], place=place_of(scene.after[key].resource, directory))


def _context(
    person: str | None, asking: Asking, scene: Scene, policy: Policy, directory: Mapping[str, Resource]
) -> CareContext:
    record, caller = {key: held.resource for key, held in scene.of(person).items()}, asking.caller
    return CareContext(asking.now, record, directory, policy.agreed, caller.unit, caller.giver)


def _known(scene: Scene) -> dict[str, Resource]:
    return {key: held.resource for key, held in scene.directory.items()}


def _judge(pairs: Pairs, asking: Asking, scene: Scene, policy: Policy) -> None:
    known = _known(scene)
    contexts = {
        person: _context(person, asking, scene, policy, known) for person in {one for _, one in pairs}
    }
    told = [
        _told(violation, draft)
        for draft, person in pairs
        for violation in _violations(draft, scene.before.get(draft.key), contexts[person])
    ]
    if told:
        raise RulesBroken(*told)


def _violations(draft: Draft, before: Held | None, context: CareContext) -> list[Violation]:
    if draft.deletes and before is not None:
        return deletion_violations(before.resource, context)
    return violations(_resource(before), draft.resource, context)


def _told(broken: Violation, draft: Draft) -> Told:
    where = f"{draft.where}.{broken.where.partition('.')[2]}".rstrip(".") if draft.where else broken.where
    return Told("business-rule", broken.text, where, rule=broken.rule, basis=broken.basis)


def _resource(held: Held | None) -> Resource | None:
    return held.resource if held else None


def _consequences(pairs: Pairs, asking: Asking, scene: Scene, policy: Policy) -> list[str]:
    """Lay what follows from the drafts over the scene; gives the keys of what is newly written thereby."""
    followed: list[str] = []
    drafted, known = {draft.key for draft, _ in pairs}, _known(scene)
    for draft, person in pairs:
        if draft.deletes or draft.type not in HAVING_CONSEQUENCES:
            continue  # only what has no effect any more may be deleted
        context = _context(person, asking, scene, policy, known)
        for resource in consequences(
            _resource(scene.before.get(draft.key)), scene.after[draft.key].resource, context
        ):
            key = f"{resource['resourceType']}/{resource['id']}"
            if key not in drafted and key not in followed:
                followed.append(key)
                held = scene.after.get(key) or Held(key, 0, resource, person, _place_of(asking))
                scene.lay(key, replace(held, version=held.version + 1))
            scene.after[key] = replace(scene.after[key], resource=resource)
    return followed


def _readers(pairs: Pairs, scene: Scene, tx: WriteTransaction, ages: Ages) -> dict[str, tuple[Reader, ...]]:
    """Decide who may read: anew for each whole record; elsewhere what is new is its writer's, the rest stays."""
    readers: dict[str, tuple[Reader, ...]] = {}
    for person in scene.whole:
        moment = tx.moment(person)
        readers |= readers_of_record(scene.of(person), scene.directory, moment.units, moment.openings, ages)
    for draft, of_person in pairs:
        if draft.key not in readers:
            before = scene.before.get(draft.key)
            patient = _resource(scene.before.get(of_person or ""))
            near = [themselves(of_person, patient, ages)] if of_person else []
            readers[draft.key] = before.readers if before else _first_readers(scene.after[draft.key], near)
    return readers


def _found_anew(scene: Scene, social: SocialService, written: Collection[str]) -> dict[str, Entries]:
    """Plans whose tasks came to, or left, the social services are found by other terms: PDL 2 kap. 8 §."""
    moved = social.tasks ^ social_service(scene.before, scene.directory).tasks
    return {
        key: entries_of(held.resource, social)
        for key, held in (scene.after.items() if moved else ())
        if key not in written and not moved.isdisjoint(references_at(held.resource, "activity.reference"))
    }


def _first_readers(held: Held, person: Sequence[Reader]) -> tuple[Reader, ...]:
    own = [Reader(held.own.unit)] if held.own.unit and person else []
    return merged([*own, *person])
