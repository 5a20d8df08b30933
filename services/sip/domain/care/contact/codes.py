"""Codes and extensions of the register of fixed contacts; contracts/fhir holds their definitions."""

from typing import Final

from services.sip.domain.codes import BASE, Code

INERA: Final = "https://fhir.inera.se/ig/careteam/"
CONTACT_ROLE: Final = BASE + "CodeSystem/contact-role"
"""Further roles than Inera's four, with what is asked of their holders: data, see kinds.py."""

CONTACT_STATE: Final = BASE + "CodeSystem/contact-state"
CONTACT_STATES: Final = (
    "offered",
    "accepted",
    "declined",
    "wanted-another",
    "appointed",
    "stand-in",
    "ended",
)
OFFERED, ACCEPTED, DECLINED, WANTED_ANOTHER, APPOINTED, STAND_IN, ENDED = CONTACT_STATES

PASSED_ON: Final = BASE + "CodeSystem/handover-content"
PASSED_ON_CODES: Final = ("needs", "medication", "plan", "what-matters", "risks", "relatives", "other")
CONDITION: Final = BASE + "CodeSystem/condition"
FRAIL: Final = Code(CONDITION, "frail")
ATTENTION: Final = BASE + "CodeSystem/attention"
ATTENTIONS: Final = ("no-successor", "stand-in-over", "third-change", "many-people")
NO_SUCCESSOR, STAND_IN_OVER, THIRD_CHANGE, MANY_PEOPLE = ATTENTIONS

# Reasons that rules ask for by themselves; all of them stand in CodeSystem/contact-change-reason.
FIRST: Final = "first"
UNIT_MERGED: Final = "unit-merged"
SPECIAL_REASONS: Final = "special-reasons"
NOBODY_FOLLOWS: Final = frozenset({"not-needed", "deceased", "persons-wish-none"})
"""Reasons to end a contact that say themselves that nobody is to follow."""

EXT_STEP: Final = BASE + "StructureDefinition/contact-step"
EXT_FOLLOWS: Final = BASE + "StructureDefinition/contact-follows"
EXT_STANDS_IN_FOR: Final = BASE + "StructureDefinition/contact-stands-in-for"
EXT_GAP: Final = BASE + "StructureDefinition/contact-gap"
EXT_HANDOVER: Final = BASE + "StructureDefinition/contact-handover"
EXT_HOURS: Final = BASE + "StructureDefinition/contact-hours"
EXT_VIA_TEAM: Final = INERA + "StructureDefinition/riv-contact-via-team-extension"
"""Inera's, of its draft 0.9: on the participant, the team by which the holder is reached."""
MANAGING_TEAM: Final = Code(INERA + "CodeSystem/typ-av-careteam-cs", "team")
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
