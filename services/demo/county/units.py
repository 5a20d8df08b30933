"""The care givers and units of the county, and one region outside it.

Their organisation numbers are made up: each begins 999999 and ends in a control digit that is wrong on
purpose, so that no organisation can have it. County and municipality codes (98, 99, 9901, 9902) are unused
too, and the telephone numbers are of the series 0980-319 2xx that Sweden keeps for books and films.
"""

from dataclasses import dataclass
from typing import Final

from services.demo.county.codes import (
    COUNTY_CODE,
    HSA_ID,
    MUNICIPALITY_CODE,
    ORGANIZATION_TYPE,
    UNIT,
    UNIT_KIND,
)
from services.demo.county.fhir import Entry, Resource, concept, create, hsa, ref, urn


@dataclass(frozen=True, slots=True)
class Giver:
    """A huvudman: a region or a municipality, by HSA-id."""

    hsa: str
    name: str
    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a care giver, by HSA-id; `kind` is a code of unit-kind."""

    hsa: str
    name: str
    kind: str
    giver: Giver
    extension: int

    @property
    def phone(self) -> str:
        """Give the unit's telephone number."""
        return f"0980-319 2{self.extension:02d}"


REGION: Final = Giver("SE9999990001-1V00", "Region Furuland", "region", "99")
BJORKVALLA: Final = Giver("SE9999990101-1V00", "Björkvalla kommun", "municipality", "9901")
STRANDINGE: Final = Giver("SE9999990201-1V00", "Strandinge kommun", "municipality", "9902")
OTHER_REGION: Final = Giver("SE9999990301-1V00", "Region Västervåg", "region", "98")
GIVERS: Final = (REGION, BJORKVALLA, STRANDINGE, OTHER_REGION)
MUNICIPALITIES: Final = (BJORKVALLA, STRANDINGE)

BJORKVALLA_CENTRE: Final = Unit("SE9999990001-1E01", "Björkvalla vårdcentral", "primary-care", REGION, 1)
FURULIDEN_CENTRE: Final = Unit("SE9999990001-1E02", "Furulidens vårdcentral", "primary-care", REGION, 2)
STRANDINGE_CENTRE: Final = Unit("SE9999990001-1E03", "Strandinge hälsocentral", "primary-care", REGION, 3)
WARD: Final = Unit("SE9999990001-1E10", "Furulands sjukhus, medicinavdelningen", "hospital", REGION, 10)
PSYCHIATRY: Final = Unit(
    "SE9999990001-1E11", "Furulands sjukhus, psykiatriska öppenvården", "hospital", REGION, 11
)
HABILITATION: Final = Unit(
    "SE9999990001-1E12", "Barn- och ungdomshabiliteringen Furuland", "hospital", REGION, 12
)
CENTRES: Final = (BJORKVALLA_CENTRE, FURULIDEN_CENTRE, STRANDINGE_CENTRE)


def _of_municipality(
    giver: Giver, place: str, home_care: tuple[str, str], residence: str
) -> tuple[Unit, ...]:
    number, first = giver.hsa.split("-")[0], int(giver.code[2:]) * 10 + 10
    rows = (
        ("1E01", f"{place} hemsjukvård", "municipal-nursing"),
        ("1E02", f"Hemtjänsten {home_care[0]}", "home-care"),
        ("1E03", f"Hemtjänsten {home_care[1]}", "home-care"),
        ("1E04", residence, "residential-care"),
        ("1E05", f"Biståndsenheten {place}", "social-services"),
    )
    return tuple(
        Unit(f"{number}-{suffix}", name, kind, giver, extension)
        for extension, (suffix, name, kind) in enumerate(rows, start=first)
    )


BJORKVALLA_UNITS: Final = _of_municipality(BJORKVALLA, "Björkvalla", ("Centrum", "Älvdalen"), "Björkgården")
STRANDINGE_UNITS: Final = _of_municipality(STRANDINGE, "Strandinge", ("Norra", "Södra"), "Sjöutsikten")
OTHER_CENTRE: Final = Unit("SE9999990301-1E01", "Västervågs vårdcentral", "primary-care", OTHER_REGION, 40)
REGION_UNITS: Final = (*CENTRES, WARD, PSYCHIATRY, HABILITATION)
UNITS: Final = (*REGION_UNITS, *BJORKVALLA_UNITS, *STRANDINGE_UNITS, OTHER_CENTRE)

MEETING_PLACES: Final = (
    (BJORKVALLA_CENTRE, "1H01", "SIP-möte på Björkvalla vårdcentral"),
    (WARD, "1H02", "Utskrivningsmöte på medicinavdelningen"),
    (PSYCHIATRY, "1H03", "SIP-möte på video"),
    (BJORKVALLA_UNITS[4], "1H04", "Samtalsrummet, Biståndsenheten Björkvalla"),
    (STRANDINGE_UNITS[4], "1H05", "Samtalsrummet, Biståndsenheten Strandinge"),
)


def units_of(giver: Giver, kind: str) -> tuple[Unit, ...]:
    """Give the units of one kind that belong to a care giver."""
    return tuple(unit for unit in UNITS if unit.giver == giver and unit.kind == kind)


def organizations(giver: Giver) -> list[Entry]:
    """Create a care giver, its units and its meeting places."""
    entries = [create(urn("organization", giver.hsa), _giver(giver))]
    entries += [create(urn("organization", one.hsa), _unit(one)) for one in UNITS if one.giver == giver]
    for unit, suffix, name in MEETING_PLACES:
        if unit.giver == giver:
            place: Resource = {
                "resourceType": "HealthcareService",
                "identifier": hsa(f"{giver.hsa.split('-')[0]}-{suffix}"),
                "active": True,
                "providedBy": ref("organization", unit.hsa),
                "name": name,
                "telecom": [{"system": "phone", "value": unit.phone, "use": "work"}],
            }
            entries.append(create(urn("meeting-place", unit.hsa), place))
    return entries


def _giver(giver: Giver) -> Resource:
    area = COUNTY_CODE if giver.kind == "region" else MUNICIPALITY_CODE
    return {
        "resourceType": "Organization",
        "identifier": [{"system": HSA_ID, "value": giver.hsa}, {"system": area, "value": giver.code}],
        "active": True,
        "type": [concept((ORGANIZATION_TYPE, giver.kind))],
        "name": giver.name,
    }


def _unit(unit: Unit) -> Resource:
    return {
        "resourceType": "Organization",
        "identifier": hsa(unit.hsa),
        "active": True,
        "type": [concept(UNIT), concept((UNIT_KIND, unit.kind))],
        "name": unit.name,
        "telecom": [{"system": "phone", "value": unit.phone, "use": "work"}],
        "partOf": ref("organization", unit.giver.hsa),
    }
