"""A small county for tests: a region, a municipality, their units and staff, as directory resources."""

from typing import Any

from services.sip.domain import codes
from services.sip.domain.codes import Code

Resource = dict[str, Any]

HEALTH_CENTRE = "Organization/health-centre"
PRIVATE_CENTRE = "Organization/private-centre"
HOSPITAL = "Organization/hospital"
HOME_NURSING = "Organization/home-nursing"
HOME_CARE = "Organization/home-care"
DOCTOR = "PractitionerRole/doctor"
SECOND_DOCTOR = "PractitionerRole/second-doctor"
NURSE = "PractitionerRole/nurse"
WARD_NURSE = "PractitionerRole/ward-nurse"
ASSISTANT_NURSE = "PractitionerRole/assistant-nurse"
CARE_MANAGER = "PractitionerRole/care-manager"
PRIVATE_DOCTOR = "PractitionerRole/private-doctor"
DOCTOR_MERGED = "PractitionerRole/doctor-merged"
"""The same doctor as DOCTOR, at the private centre."""
RESIDENTIAL_NURSE = "PractitionerRole/residential-nurse"
RETIRED_DOCTOR = "PractitionerRole/retired-doctor"


def _organization(name: str, kinds: list[Code], above: str | None = None) -> dict[str, Resource]:
    organization: Resource = {
        "resourceType": "Organization",
        "id": name,
        "identifier": [{"system": codes.HSA_ID, "value": hsa_id(f"Organization/{name}")}],
        "type": [{"coding": [kind.coding() for kind in kinds]}],
    }
    if above:
        organization["partOf"] = {"reference": above}
    return {f"Organization/{name}": organization}


def _unit(name: str, kind: str, above: str) -> dict[str, Resource]:
    return _organization(name, [codes.UNIT, Code(codes.UNIT_KIND, kind)], above)


def _staff(name: str, unit: str, title: Code | None = None) -> dict[str, Resource]:
    practitioner: Resource = {"resourceType": "Practitioner", "id": name}
    if title:
        practitioner["qualification"] = [{"code": title.concept()}]
    role: Resource = {
        "resourceType": "PractitionerRole",
        "id": name,
        "practitioner": {"reference": f"Practitioner/{name}"},
        "organization": {"reference": unit},
    }
    return {f"Practitioner/{name}": practitioner, f"PractitionerRole/{name}": role}


def _left(name: str, staff: dict[str, Resource]) -> dict[str, Resource]:
    staff[f"PractitionerRole/{name}"]["active"] = False
    return staff


def hsa_id(unit: str) -> str:
    """Give the HSA-id of a unit of this county."""
    return "SE0000000000-" + unit.partition("/")[2]


def a_county() -> dict[str, Resource]:
    """Give the whole directory, keyed by `Type/id`."""
    return {
        **_organization("region", [codes.REGION]),
        **_organization("municipality", [codes.MUNICIPALITY]),
        **_organization("company", [codes.PRIVATE_PROVIDER], "Organization/region"),
        **_organization("foreign-company", [codes.PRIVATE_PROVIDER]),
        **_organization("island", [codes.REGION, codes.MUNICIPALITY]),
        **_unit("health-centre", "primary-care", "Organization/region"),
        **_unit("private-centre", "primary-care", "Organization/company"),
        **_unit("home-nursing", "municipal-nursing", "Organization/municipality"),
        **_unit("home-care", "home-care", "Organization/municipality"),
        **_unit("island-care", "home-care", "Organization/island"),
        **_unit("hospital", "hospital", "Organization/region"),
        **_unit("residential", "residential-care", "Organization/municipality"),
        **_unit("adrift", "primary-care", "Organization/foreign-company"),
        "HealthcareService/rehabilitation": {
            "resourceType": "HealthcareService",
            "id": "rehabilitation",
            "providedBy": {"reference": HEALTH_CENTRE},
        },
        **_staff("doctor", HEALTH_CENTRE, codes.LAKARE),
        **_staff("second-doctor", HEALTH_CENTRE, codes.LAKARE),
        **_staff("ward-nurse", HOSPITAL, codes.SJUKSKOTERSKA),
        **_staff("nurse", HOME_NURSING, codes.SJUKSKOTERSKA),
        **_staff("assistant-nurse", HOME_CARE, codes.UNDERSKOTERSKA),
        **_staff("second-assistant-nurse", HOME_CARE, codes.UNDERSKOTERSKA),
        **_staff("care-manager", HOME_CARE),
        **_staff("private-doctor", PRIVATE_CENTRE, codes.LAKARE),
        **_staff("residential-nurse", "Organization/residential", codes.UNDERSKOTERSKA),
        **_left("retired-doctor", _staff("retired-doctor", HEALTH_CENTRE, codes.LAKARE)),
        "PractitionerRole/doctor-merged": {
            "resourceType": "PractitionerRole",
            "id": "doctor-merged",
            "practitioner": {"reference": "Practitioner/doctor"},
            "organization": {"reference": PRIVATE_CENTRE},
        },
        **_staff("island-nurse", "Organization/island-care", codes.SJUKSKOTERSKA),
    }
