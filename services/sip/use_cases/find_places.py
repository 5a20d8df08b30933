"""From HSA-ids, which people know, to the directory's units and staff roles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from services.chassis.outcome import Told
from services.sip.domain.codes import HSA_ID_SYSTEMS
from services.sip.domain.errors import RulesBroken
from services.sip.domain.place import hsa_id_of
from services.sip.domain.references import local_key
from services.sip.domain.search_query import SearchQuery, TermCondition
from services.sip.domain.sight import Sight
from services.sip.use_cases.ports import Asking, Store

MOST = 500


@dataclass(frozen=True, slots=True)
class Named:
    """A unit, or somebody's assignment at it; `where` points to the unit in the request, `employee` beside it."""

    where: str
    unit: str
    employee: str | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """HSA-id to Organization, and (employee, unit) to PractitionerRole, as `Type/id`."""

    units: Mapping[str, str] = field(default_factory=dict)
    staff: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def of(self, named: Named) -> str:
        """Give the assignment where somebody is named, else the unit."""
        return self.staff[named.employee, named.unit] if named.employee else self.units[named.unit]


async def find_places(named: Iterable[Named], asking: Asking, store: Store) -> Places:
    """Look all up; raises RulesBroken naming each that the directory does not have."""
    wanted = list(named)
    places = await look_up(wanted, asking, store)
    told = [
        *(_no_unit(one) for one in wanted if one.unit not in places.units),
        *(
            _no_assignment(one)
            for one in wanted
            if one.employee and one.unit in places.units and (one.employee, one.unit) not in places.staff
        ),
    ]
    if told:
        raise RulesBroken(*told)
    return places


async def look_up(named: Iterable[Named], asking: Asking, store: Store) -> Places:
    """Look up what the directory has of these; the rest is left out."""
    wanted = list(named)
    units = await _by_hsa_id("Organization", {one.unit for one in wanted}, asking, store)
    employees = await _by_hsa_id(
        "Practitioner", {one.employee for one in wanted if one.employee}, asking, store
    )
    roles = await _roles(employees.values(), asking, store)
    staff = {
        (one.employee, one.unit): role
        for one in wanted
        if one.employee and (role := roles.get((employees.get(one.employee, ""), units.get(one.unit, ""))))
    }
    return Places(units, staff)


async def _by_hsa_id(kind: str, hsa_ids: set[str], asking: Asking, store: Store) -> dict[str, str]:
    terms = [f"identifier={system}|{one}" for one in sorted(hsa_ids) for system in HSA_ID_SYSTEMS]
    found = await _search(kind, [TermCondition("identifier", tuple(terms))], asking, store) if terms else {}
    return {hsa: key for key, row in found.items() if (hsa := hsa_id_of(row)) in hsa_ids and hsa}


async def _roles(practitioners: Iterable[str], asking: Asking, store: Store) -> dict[tuple[str, str], str]:
    terms = tuple(f"practitioner>{one}" for one in practitioners)
    condition = TermCondition("practitioner", terms)
    found = await _search("PractitionerRole", [condition], asking, store) if terms else {}
    return {(_target(row, "practitioner"), _target(row, "organization")): key for key, row in found.items()}


async def roles_at(unit: str, employee: str | None, asking: Asking, store: Store) -> list[str]:
    """Give the assignments at an Organization, those that have ended too; of one of its staff, or of all."""
    conditions = [TermCondition("organization", (f"organization>{unit}",))]
    if employee:
        people = await _by_hsa_id("Practitioner", {employee}, asking, store)
        conditions.append(
            TermCondition("practitioner", tuple(f"practitioner>{one}" for one in people.values()))
        )
        if not people:
            return []
    page = await store.records.search(
        SearchQuery("PractitionerRole", conditions, count=MOST), Sight(), asking.now
    )
    return [hit.key for hit in page.hits]


def _target(role: dict[str, Any], element: str) -> str:
    return local_key(role.get(element, {}).get("reference")) or ""


async def _search(
    kind: str, conditions: list[TermCondition], asking: Asking, store: Store
) -> dict[str, dict[str, Any]]:
    """Give active rows, so that of several the one changed first is the last, and wins."""
    page = await store.records.search(SearchQuery(kind, conditions, count=MOST), Sight(), asking.now)
    rows = {hit.key: orjson.loads(hit.body) for hit in page.hits}
    return {key: row for key, row in rows.items() if row.get("active", True) is not False}


def _no_unit(named: Named) -> Told:
    text = f"No unit has the HSA-id {named.unit} in the directory; check it, or have the unit added."
    return Told("not-found", text, named.where, rule="unit-unknown")


def _no_assignment(named: Named) -> Told:
    text = f"The directory has no assignment of {named.employee} at {named.unit}; check both HSA-ids."
    where = f"{named.where.rpartition('/')[0]}/employee"
    return Told("not-found", text, where, rule="assignment-unknown")
