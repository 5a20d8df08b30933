"""The fixed contact changes, for a reason; the earlier one ends at the same moment."""

from typing import Any, Final

from services.demo.personas import PERSONAS
from services.demo.tour.case import Case, entries
from services.demo.tour.exchange import Answer, Sent
from services.demo.tour.page import NotProven, require
from services.demo.tour.party import Party

CATEGORY: Final = "https://fhir.inera.se/ig/careteam/CodeSystem/typ-av-careteam-cs"
KIND: Final = "https://terminologitjansten.inera.se/inera-kodverksforvaltning/kodverk/kv_typ_av_fast_kontakt"
REASON: Final = "https://samplan.example/fhir/CodeSystem/contact-change-reason"
HSA_ID: Final = "urn:oid:1.2.752.29.4.19"
FIXED_DOCTOR: Final = "2"


def doctor_is_changed(case: Case) -> None:
    """Appoint another fast läkarkontakt at the person's wish, and see the earlier one end."""
    doctor, person = case.parties["doctor"], case.found["person"]
    case.page.step("The person wishes another doctor: the fixed contact changes", "FHIR R4")
    earlier = _active(doctor, person)
    holder = earlier["participant"][0]["member"]["reference"]
    new = _somebody_else(case, doctor, holder)

    def appointed() -> Answer | None:
        now = _active(doctor, person)
        if now["participant"][0]["member"]["reference"] != new:
            return None
        return doctor.quietly("GET", f"/CareTeam/{now['id']}")

    body = _contact(case, earlier, new)
    shown = {name: body[name] for name in ("resourceType", "status", "participant", "reasonCode")}
    answer = doctor.send(Sent("POST", "/CareTeam", body, shown=shown), appointed)
    contact = doctor.expect(answer, 200, 201).json
    case.page.proof(f"{new} is fast läkarkontakt from {contact['period']['start']}, reason: persons-wish")
    ended = doctor.expect(doctor.get(f"/CareTeam/{earlier['id']}"), 200).json
    require(ended["status"] == "inactive", f"the earlier contact is {ended['status']}")
    require(ended["period"]["end"] == contact["period"]["start"], "the earlier one ended at another moment")
    case.page.proof(f"the earlier one ({holder}) ended the same moment, {ended['period']['end']}")
    patient = doctor.expect(doctor.get(f"/Patient/{person}"), 200).json
    mirrored = [one["reference"] for one in patient.get("generalPractitioner", [])]
    require(mirrored == [new], f"Patient.generalPractitioner is {mirrored}")
    case.page.proof("Patient.generalPractitioner, which nobody writes, follows")


def _active(doctor: Party, person: str) -> Any:
    """Give the fast läkarkontakt as it is now."""
    found = doctor.quietly("GET", f"/CareTeam?patient=Patient/{person}&category={CATEGORY}|fast-kontakt")
    for team in entries(found.json):
        codes = [coding["code"] for role in team["participant"][0]["role"] for coding in role["coding"]]
        if team["status"] == "active" and FIXED_DOCTOR in codes:
            return team
    raise NotProven("the person has no fast läkarkontakt that the doctor may see")


def _somebody_else(case: Case, doctor: Party, holder: str) -> str:
    """Give the assignment of a doctor at the centre who is not the holder: the tour's own doctor if she is not."""
    own = next(one for one in PERSONAS if one.name == "region-gp").client.claims["employeeHsaId"]
    others = [one for person in case.candidates for one in (person.doctor.hsa, person.other_doctor.hsa)]
    for employee in (own, *others):
        found = doctor.quietly("GET", f"/Practitioner?identifier={HSA_ID}|{employee}").json
        roles = doctor.quietly(
            "GET", f"/PractitionerRole?practitioner=Practitioner/{entries(found)[0]['id']}"
        )
        role = f"PractitionerRole/{entries(roles.json)[0]['id']}"
        if role != holder:
            return role
    raise NotProven("nobody else at the centre is a doctor")


def _contact(case: Case, earlier: Any, new: str) -> dict[str, Any]:
    kind = {"coding": [{"system": KIND, "code": FIXED_DOCTOR}]}
    return {
        "resourceType": "CareTeam",
        "status": "active",
        "category": [{"coding": [{"system": CATEGORY, "code": "fast-kontakt"}]}],
        "subject": {"reference": f"Patient/{case.found['person']}"},
        "period": {"start": case.clock().isoformat(timespec="seconds")},
        "participant": [{"role": [kind], "member": {"reference": new}}],
        "reasonCode": [{"coding": [{"system": REASON, "code": "persons-wish"}]}],
        "managingOrganization": earlier["managingOrganization"],
    }
