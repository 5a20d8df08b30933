"""Who the demo's tokens speak for: eight personas, the care givers' systems, and the services themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.demo.authorization_server.clients import Client
from services.demo.county.units import (
    BJORKVALLA,
    BJORKVALLA_CENTRE,
    BJORKVALLA_UNITS,
    GIVERS,
    OTHER_CENTRE,
    OTHER_REGION,
    REGION,
    STRANDINGE,
    UNITS,
    WARD,
    Giver,
    Unit,
)

CARE: Final = "Vård och behandling"
LOG_CONTROL: Final = "Loggkontroll"
STAFF_SCOPES: Final = ("user/*.crus",)
SYSTEM_SCOPES: Final = ("system/*.cruds",)
PERSONA_LIFETIME: Final = 900  # seconds: long enough to paste a token and look around


@dataclass(frozen=True, slots=True)
class Persona:
    """One persona: its name in commands, who that is, and the client that gets its tokens."""

    name: str
    swedish: str
    english: str
    client: Client


def _employed(name: str, words: tuple[str, str], unit: Unit, number: int, *, purpose: str = CARE) -> Persona:
    """A member of staff on an assignment, by number among the unit's: the claims are those of Inera's IdP."""
    employee = f"{unit.hsa.replace('-1E', '-1P')}{number:02d}"
    scopes = STAFF_SCOPES if purpose == CARE else ("user/AuditEvent.rs", "user/Organization.rs")
    claims = {"employeeHsaId": employee, **_place(unit.hsa, unit.giver), "commissionPurpose": purpose}
    swedish, english = words
    client = Client(name, employee, scopes, claims, lifetime=PERSONA_LIFETIME)
    return Persona(name, f"{swedish}, {unit.name}", english, client)


def _system(name: str, giver: Giver) -> Client:
    """A care giver's own system: it acts for whichever of the care giver's units it names."""
    own = [unit.hsa for unit in UNITS if unit.giver == giver]
    claims = {**_place(own[0], giver), "commissionPurpose": CARE}
    return Client(name, name, SYSTEM_SCOPES, claims, frozenset({giver.hsa, *own}), lifetime=PERSONA_LIFETIME)


def _place(unit: str, giver: Giver) -> dict[str, str]:
    return {"healthcareUnitHsaId": unit, "healthcareProviderHsaId": giver.hsa}


PERSONAS: Final = (
    _employed(
        "region-gp", ("Distriktsläkare", "GP at one of the region's health centres"), BJORKVALLA_CENTRE, 1
    ),
    _employed(
        "municipal-nurse",
        ("Distriktssköterska", "district nurse in the municipality's home nursing"),
        BJORKVALLA_UNITS[0],
        1,
    ),
    _employed(
        "home-care",
        ("Undersköterska", "assistant nurse in the municipality's home care"),
        BJORKVALLA_UNITS[1],
        1,
    ),
    _employed(
        "other-region",
        ("Distriktsläkare", "GP in another region, who takes no part in the care"),
        OTHER_CENTRE,
        1,
    ),
    Persona(
        "resident",
        "Invånare med samordnad individuell plan",
        "resident who has a plan",
        Client("resident", "resident", ("patient/*.rs",), resident=True, lifetime=PERSONA_LIFETIME),
    ),
    _employed(
        "privacy-officer",
        (
            "Informationssäkerhetssamordnare",
            "privacy officer of the region: reads its access log, and no care",
        ),
        WARD,
        6,
        purpose=LOG_CONTROL,
    ),
    Persona(
        "monitor",
        f"Uppföljning, {REGION.name}",
        "the region's follow-up: figures about many, nothing about anybody",
        Client(
            "monitor",
            "monitor",
            ("system/Measure.rs", "system/MeasureReport.rs"),
            {"healthcareProviderHsaId": REGION.hsa, "commissionPurpose": "Kvalitetsuppföljning"},
            lifetime=PERSONA_LIFETIME,
        ),
    ),
    Persona(
        "ehr-system",
        f"Journalsystemet i {REGION.name}",
        "the region's EHR, acting for one of its units (samplan token ehr-system --unit HSA-ID)",
        _system("ehr-system", REGION),
    ),
)

MUNICIPAL_SYSTEMS: Final = (
    _system("municipal-system-9901", BJORKVALLA),
    _system("municipal-system-9902", STRANDINGE),
)
FOREIGN_SYSTEM: Final = _system("other-region-ehr", OTHER_REGION)

SIP: Final = Client("samplan-sip", "samplan-sip", ("system/event.c",))
NOTIFY: Final = Client("samplan-notify", "samplan-notify", ("system/right-to-know.c",))

SYSTEM_OF_GIVER: Final[Mapping[str, str]] = dict(
    zip(
        (giver.hsa for giver in GIVERS),
        ("ehr-system", "municipal-system-9901", "municipal-system-9902", "other-region-ehr"),
        strict=True,
    )
)
"""The client of each care giver's own system, by the care giver's HSA-id."""


def persona(name: str) -> Persona | None:
    """Give the persona of this name."""
    return next((one for one in PERSONAS if one.name == name), None)


def clients() -> dict[str, Client]:
    """Give every client that the authorization server knows, by id."""
    everyone = [*(one.client for one in PERSONAS), *MUNICIPAL_SYSTEMS, FOREIGN_SYSTEM, SIP, NOTIFY]
    return {client.client_id: client for client in everyone}
