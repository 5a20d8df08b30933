"""Units, staff and principals as people speak of them, looked up in the directory."""

from collections.abc import Mapping
from typing import Any, Final

from services.sip.api.models.people import Principal, Staff, Unit
from services.sip.domain.care.reading import codes_in, target
from services.sip.domain.codes import ORGANIZATION_TYPE
from services.sip.domain.held import Resource
from services.sip.domain.place import hsa_id_of

Directory = Mapping[str, Resource]
HIGHEST: Final = 8


def name_of(resource: Resource) -> str:
    """Give the official name of a person, or the first there is."""
    names = resource.get("name", [])
    chosen = next((one for one in names if one.get("use") == "official"), names[0] if names else {})
    return str(chosen.get("text") or " ".join([*chosen.get("given", []), chosen.get("family", "")]).strip())


def unit_of(key: str | None, directory: Directory) -> Unit | None:
    """Give an Organization with the region or municipality above it."""
    row = directory.get(key or "")
    if row is None or row["resourceType"] != "Organization":
        return None
    return Unit(hsa_id=hsa_id_of(row), name=row.get("name", ""), principal=_principal(row, directory))


def _principal(row: Resource, directory: Directory) -> Principal | None:
    """Give the first region or municipality upwards: it stays huvudman for what it lets others do."""
    above: Resource | None = row
    for _ in range(HIGHEST):
        if above is None:
            return None
        for kind in codes_in(above.get("type"), ORGANIZATION_TYPE):
            if kind == "region" or kind == "municipality":  # noqa: PLR1714 - mypy narrows this one
                return Principal(kind=kind, name=above.get("name", ""), hsa_id=hsa_id_of(above))
        above = directory.get(target(above.get("partOf")) or "")
    return None


def staff_of(reference: Mapping[str, Any] | None, directory: Directory) -> Staff | None:
    """Give whom a reference leads to: somebody's assignment, or a unit as such; a name alone is kept."""
    key = target(reference)
    row = directory.get(key or "")
    if row is None:
        name = (reference or {}).get("display")
        return Staff(employee=None, name=name, unit=None) if name else None
    if row["resourceType"] == "Organization":
        return Staff(employee=None, name=None, unit=unit_of(key, directory))
    unit = unit_of(target(row.get("organization") or row.get("providedBy")), directory)
    practitioner = directory.get(target(row.get("practitioner")) or "", {})
    return Staff(employee=hsa_id_of(practitioner), name=name_of(practitioner) or None, unit=unit)


def units_in(references: list[Mapping[str, Any]], directory: Directory) -> list[Unit]:
    """Give the units behind references, each once."""
    found = (staff_of(one, directory) for one in references)
    units = [one.unit for one in found if one and one.unit]
    return [one for number, one in enumerate(units) if one not in units[:number]]
