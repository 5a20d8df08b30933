"""Codes in Swedish, for people who read."""

from typing import Final

PLAN_STATUS: Final = {
    "draft": "utkast",
    "active": "gäller",
    "on-hold": "vilar",
    "completed": "avslutad",
    "revoked": "avbruten",
    "entered-in-error": "felaktigt upprättad",
}
ACTIONS: Final = {
    "C": ("skrev i", "skriva i"),
    "R": ("läste", "läsa"),
    "U": ("ändrade i", "ändra i"),
    "D": ("tog bort ur", "ta bort ur"),
    "S": ("sökte i", "söka i"),
    "E": ("använde", "använda"),
}
"""What somebody did, and what they were refused to do."""
KINDS: Final = {
    "Patient": "personuppgifter",
    "RelatedPerson": "närstående",
    "CarePlan": "plan",
    "CareTeam": "lag och fasta kontakter",
    "Goal": "mål",
    "Task": "insatser",
    "Condition": "behov",
    "Observation": "vad som är viktigt",
    "Consent": "samtycke",
    "Communication": "kallelser",
    "Appointment": "möten",
    "AppointmentResponse": "möten",
    "QuestionnaireResponse": "uppföljningar",
    "Encounter": "besök",
    "Provenance": "ursprung",
}
GROUNDS: Final = {
    "own unit's assignment": "egen enhets uppdrag",
    "care relation": "deltar i vården eller omsorgen",
    "registered again": "registrerade någon som redan fanns",
    "care relation, sent in full": "deltar i vården eller omsorgen; skickat till mottagarens eget system",
    "sent again": "skickade samma en gång till",
    "the token names no unit and care giver that answers for what is written": "nekad: saknar enhet",
    "purged: PDL 3 kap. 17 §": "gallrad: tio år efter sista anteckningen",
    "purged: SoL, five years after the last note": "gallrad: fem år efter sista anteckningen",
    "purged: HSLF-FS 2016:40 4 kap. 9 §": "gallrad ur loggen",
    "destroyed by order: PDL 8 kap. 4 §": "förstörd efter beslut",
    "read to be patched": "läste för att ändra",
    "directory": "uppgift i katalogen",
    "deleted": "var borttaget",
    "refused": "nekad",
    "no care relation, or absent": "nekad: deltar inte i vården eller omsorgen, eller fanns inte",
    "no scope covers it": "nekad: behörigheten omfattar inte detta",
    "not allowed": "nekad: inte tillåtet",
    "not FHIR": "nekad: uppgifterna gick inte att läsa",
    "a rule of care or law would be broken": "nekad: skulle bryta mot lag eller överenskommelse",
    "changed meanwhile": "nekad: hade ändrats under tiden",
    "neither privacy officer nor the person": "nekad: varken loggkontroll eller den det gäller",
    "not the privacy officer": "nekad: inte loggkontroll",
    "nothing personal shown": "inget visades",
    "no care relation": "nekad: deltar inte i vården eller omsorgen",
    "absent": "fanns inte",
    "emergency access": "nödöppning",
    "emergency access is for care givers alone": "nekad: nödöppning är bara för vårdgivare",
    "emergency access takes an assignment for care": "nekad: saknar vårduppdrag",
    "somebody decides on emergency access, and the token names nobody": "nekad: ingen namngiven beslutar",
    "somebody decides to lift a block, and the token names nobody": "nekad: ingen namngiven beslutar",
    "no handover of the unit": "fanns inte, eller inte för enheten",
    "block lifted in an emergency": "hävde en spärr vid nödöppning",
    "lifting a block takes an assignment at the care giver that holds it": "nekad: saknar uppdrag hos den som spärrat",
    "no such emergency, or nothing of this care giver is blocked in it": "nekad: inget att häva",
    "block notice": "fick veta om något är spärrat",
    "log control": "loggkontroll",
    "own log": "egen logg",
}


def ground_of(reason: str) -> str:
    """Give the wording of a ground; scopes, units and others of many wordings have one in common."""
    if reason in GROUNDS:
        return GROUNDS[reason]
    if "scope" in reason:
        return GROUNDS["no scope covers it"]
    return reason
