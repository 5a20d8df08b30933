"""A small county over real HTTP: region and doctor, municipality and nurse, a foreign region, and their clients."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
from pymongo import MongoClient

from services.sip.domain.codes import (
    HSA_ID,
    ORGANIZATION_TYPE,
    PERSONNUMMER,
    PROTECTED_TITLE,
    STAFF_ROLE,
    UNIT_KIND,
)
from services.sip.main.api import build_api
from services.sip.settings import SipSettings
from tests.issuer import TestIssuer
from tests.loopback import LoopbackServer
from tests.recording import recording_hooks

BASE: Final = "https://samplan.test"
NUMBERS: Final = Path(__file__).parents[2] / "services/demo/county/test_personal_numbers.txt"

REGION: Final = "SE9999990001"
HEALTH_CENTRE: Final = "SE9999990001-1E01"
DOCTOR: Final = "SE9999990001-1P01"
SECOND_DOCTOR: Final = "SE9999990001-1P02"
MUNICIPALITY: Final = "SE9999990101"
HOME_NURSING: Final = "SE9999990101-1E01"
NURSE: Final = "SE9999990101-1P01"
HOME_CARE: Final = "SE9999990101-1E02"
ASSISTANT_NURSE: Final = "SE9999990101-1P02"
OTHER_REGION: Final = "SE9999990301"
OTHER_CENTRE: Final = "SE9999990301-1E01"
OTHER_DOCTOR: Final = "SE9999990301-1P01"

GIVERS: Final = {
    REGION: ("Region Furuland", "region"),
    MUNICIPALITY: ("Björkvalla kommun", "municipality"),
    OTHER_REGION: ("Region Västervåg", "region"),
}
UNITS: Final = {
    HEALTH_CENTRE: ("Björkvalla vårdcentral", "primary-care"),
    HOME_NURSING: ("Björkvalla hemsjukvård", "municipal-nursing"),
    HOME_CARE: ("Hemtjänsten Centrum", "home-care"),
    OTHER_CENTRE: ("Västervågs vårdcentral", "primary-care"),
}
STAFF: Final = {
    DOCTOR: ("Disa", "Doktorsson", HEALTH_CENTRE, "lakare", "doctor"),
    SECOND_DOCTOR: ("Ulf", "Underläkare", HEALTH_CENTRE, "lakare", "st-doctor"),
    NURSE: ("Siv", "Sjukskötare", HOME_NURSING, "sjukskoterska", "nurse"),
    ASSISTANT_NURSE: ("Umar", "Omsorg", HOME_CARE, "underskoterska", "assistant-nurse"),
    OTHER_DOCTOR: ("Vera", "Våg", OTHER_CENTRE, "lakare", "doctor"),
}


@dataclass(frozen=True)
class County:
    """A running API, its database, and who may call it."""

    url: str
    issuer: TestIssuer
    mongo_url: str
    database: str
    numbers: Iterator[str]

    def client(self, **claims: Any) -> httpx2.Client:
        """Give a client whose token carries these claims."""
        every = {"scope": "user/*.cruds", **claims}
        headers, hooks = self.issuer.headers(**every), recording_hooks()
        return httpx2.Client(base_url=self.url, headers=headers, trust_env=False, event_hooks=hooks)

    def staff(self, employee: str, **claims: Any) -> httpx2.Client:
        """Give a client of somebody at work."""
        unit = STAFF[employee][2]
        return self.client(
            **{
                "sub": employee,
                "employeeHsaId": employee,
                "healthcareUnitHsaId": unit,
                "healthcareProviderHsaId": unit.partition("-")[0],
                "commissionPurpose": "Vård och behandling",
                **claims,
            }
        )

    def resident(self, person: str) -> httpx2.Client:
        """Give a client of the person themselves."""
        return self.client(sub=person, scope="patient/*.rs", patient=person)

    def privacy_officer(self, giver: str) -> httpx2.Client:
        """Give a client of who controls a care giver's access log."""
        unit = next(one for one in UNITS if one.startswith(giver))
        return self.client(
            sub="officer",
            employeeHsaId=f"{giver}-1P99",
            healthcareUnitHsaId=unit,
            healthcareProviderHsaId=giver,
            commissionPurpose="Loggkontroll",
        )

    def stored(self, collection: str = "records") -> int:
        """Count what is stored."""
        with MongoClient[dict[str, Any]](self.mongo_url) as client:
            return client[self.database][collection].count_documents({})


@contextmanager
def county(mongo_url: str) -> Iterator[County]:
    """Serve sip on a database of its own, with the directory written through its public FHIR API."""
    name = f"test_{uuid.uuid4().hex}"
    with TestIssuer(audience=BASE) as issuer:
        settings = SipSettings(
            mongo_url=mongo_url,
            mongo_database=name,
            public_base=BASE,
            issuers=[issuer.setting()],
            token_url=issuer.token_url,
            client_id="sip",
            client_secret="not-used-here",
            commit_deadline_seconds=20,
        )
        with LoopbackServer(build_api(settings)) as server:
            running = County(server.url, issuer, mongo_url, name, _numbers())
            for giver in GIVERS:
                _write_directory(running, giver)
            yield running
        with MongoClient[dict[str, Any]](mongo_url) as client:
            client.drop_database(name)


def _numbers() -> Iterator[str]:
    """Give numbers of adults out of Skatteverket's test series, each once; nobody living can have them."""
    lines = NUMBERS.read_text().splitlines()
    return iter(line.split()[0] for line in lines if line[:1].isdigit() and line[:4] < "2006")


def _write_directory(running: County, giver: str) -> None:
    rows = [_organization(giver, *GIVERS[giver])]
    rows += [_organization(unit, *UNITS[unit], parent=giver) for unit in UNITS if unit.startswith(giver)]
    for employee in (one for one in STAFF if one.startswith(giver)):
        rows += _assignment(employee)
    entries = [
        {"fullUrl": url, "resource": row, "request": {"method": "POST", "url": row["resourceType"]}}
        for url, row in rows
    ]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    unit = next(one for one in UNITS if one.startswith(giver))
    with running.client(healthcareUnitHsaId=unit, healthcareProviderHsaId=giver) as client:
        answer = client.post("/fhir", json=bundle)
        assert answer.status_code == 200, answer.text


Row = tuple[str, dict[str, Any]]


def _organization(hsa: str, name: str, kind: str, parent: str | None = None) -> Row:
    types = (
        [(ORGANIZATION_TYPE, kind)] if parent is None else [(ORGANIZATION_TYPE, "unit"), (UNIT_KIND, kind)]
    )
    row: dict[str, Any] = {
        "resourceType": "Organization",
        "identifier": [{"system": HSA_ID, "value": hsa}],
        "active": True,
        "type": [{"coding": [{"system": system, "code": code}]} for system, code in types],
        "name": name,
    }
    return _urn(hsa), row | ({"partOf": {"reference": _urn(parent)}} if parent else {})


def _assignment(employee: str) -> list[Row]:
    given, family, unit, title, role = STAFF[employee]
    person = {
        "resourceType": "Practitioner",
        "identifier": [{"system": HSA_ID, "value": employee}],
        "name": [{"family": family, "given": [given]}],
        "qualification": [{"code": {"coding": [{"system": PROTECTED_TITLE, "code": title}]}}],
    }
    assignment = {
        "resourceType": "PractitionerRole",
        "active": True,
        "practitioner": {"reference": _urn(employee)},
        "organization": {"reference": _urn(unit)},
        "code": [{"coding": [{"system": STAFF_ROLE, "code": role}]}],
    }
    return [(_urn(employee), person), (_urn(f"{employee}@{unit}"), assignment)]


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def patient(number: str) -> dict[str, Any]:
    """Make a resident as FHIR has them."""
    identifier = {"system": PERSONNUMMER, "value": number}
    return {"resourceType": "Patient", "identifier": [identifier], "name": [{"family": "Tolvansson"}]}
