"""System URLs and codes that rules speak of, written once; contracts/fhir holds their definitions.

Our own code lists are tuples of codes named in the plural, beside their system; a code that some rule
asks for by itself is a `Code`, which compares equal to the plain tuple (system, code).
"""

from typing import Final, NamedTuple


class Code(NamedTuple):
    """One code in one code system."""

    system: str
    code: str

    def coding(self) -> dict[str, str]:
        """Write the code as a FHIR Coding."""
        return {"system": self.system, "code": self.code}

    def concept(self, text: str | None = None) -> dict[str, object]:
        """Write the code as a FHIR CodeableConcept, with a text where one is given."""
        concept: dict[str, object] = {"coding": [self.coding()]}
        return concept | ({"text": text} if text else {})


BASE: Final = "https://samplan.example/fhir/"
"""Where every canonical of our own starts."""

# Identifiers: HL7 Sweden base 1.1.0, and Inera's older OID for the HSA-id, which its maps still use.
HSA_ID: Final = "urn:oid:1.2.752.29.4.19"
HSA_ID_RIV: Final = "urn:oid:1.2.752.129.2.1.4.1"
HSA_ID_SYSTEMS: Final = (HSA_ID, HSA_ID_RIV)
PERSONNUMMER: Final = "http://electronichealth.se/identifier/personnummer"
SAMORDNINGSNUMMER: Final = "http://electronichealth.se/identifier/samordningsnummer"
RESERVNUMMER: Final = "http://electronichealth.se/identifier/nationelltReservnummer"
PERSON_NUMBER_SYSTEMS: Final = (PERSONNUMMER, SAMORDNINGSNUMMER, RESERVNUMMER)
COUNTY_CODE: Final = BASE + "sid/county-code"
MUNICIPALITY_CODE: Final = BASE + "sid/municipality-code"
ENCOUNTER_ID: Final = BASE + "sid/encounter"
ASSIGNMENT_ID: Final = BASE + "sid/assignment"

# Security labels.
ACCESS_LABEL: Final = BASE + "CodeSystem/access-label"
ACCESS_LABELS: Final = ("not-to-guardian",)
NOT_TO_GUARDIAN: Final = Code(ACCESS_LABEL, "not-to-guardian")

# Organizations: care givers and their units.
ORGANIZATION_TYPE: Final = BASE + "CodeSystem/organization-type"
ORGANIZATION_TYPES: Final = ("region", "municipality", "private-provider", "unit")
REGION: Final = Code(ORGANIZATION_TYPE, "region")
MUNICIPALITY: Final = Code(ORGANIZATION_TYPE, "municipality")
PRIVATE_PROVIDER: Final = Code(ORGANIZATION_TYPE, "private-provider")
UNIT: Final = Code(ORGANIZATION_TYPE, "unit")

UNIT_KIND: Final = BASE + "CodeSystem/unit-kind"
HEALTH_CARE_UNIT_KINDS: Final = ("primary-care", "hospital", "municipal-nursing")
"""Units whose work rests on the Health and Medical Services Act (HSL)."""
SOCIAL_SERVICE_UNIT_KINDS: Final = ("home-care", "residential-care", "social-services")
"""Units whose work rests on the Social Services Act (SoL)."""
UNIT_KINDS: Final = HEALTH_CARE_UNIT_KINDS + SOCIAL_SERVICE_UNIT_KINDS
PRIMARY_CARE: Final = Code(UNIT_KIND, "primary-care")
HOSPITAL: Final = Code(UNIT_KIND, "hospital")
HOME_CARE: Final = Code(UNIT_KIND, "home-care")

# Staff.
PROTECTED_TITLE: Final = BASE + "CodeSystem/protected-title"
PROTECTED_TITLES: Final = (
    "lakare",
    "sjukskoterska",
    "underskoterska",
    "fysioterapeut",
    "arbetsterapeut",
    "psykolog",
    "kurator",
)
LAKARE: Final = Code(PROTECTED_TITLE, "lakare")
SJUKSKOTERSKA: Final = Code(PROTECTED_TITLE, "sjukskoterska")
UNDERSKOTERSKA: Final = Code(PROTECTED_TITLE, "underskoterska")

STAFF_ROLE: Final = BASE + "CodeSystem/staff-role"
STAFF_ROLES: Final = (
    "doctor",
    "st-doctor",
    "nurse",
    "assistant-nurse",
    "care-manager",
    "physiotherapist",
    "occupational-therapist",
    "coordinator",
    "privacy-officer",
)

# Plans.
INERA_PLAN_TYPE: Final = "https://fhir.inera.se/CodeSystem/typeofcareplan-cs"
PLAN_CATEGORY: Final = BASE + "CodeSystem/plan-category"
PLAN_CATEGORY_SIP: Final = Code(INERA_PLAN_TYPE, "SIP")
PLAN_CATEGORY_DISCHARGE: Final = Code(INERA_PLAN_TYPE, "SPU")
PLAN_CATEGORY_LSS: Final = Code(PLAN_CATEGORY, "lss")
PLAN_CATEGORIES: Final = (PLAN_CATEGORY_SIP, PLAN_CATEGORY_DISCHARGE, PLAN_CATEGORY_LSS)
"""The categories whose plans our rules of content apply to."""

LAWFUL_GROUND: Final = BASE + "CodeSystem/lawful-ground"
LAWFUL_GROUNDS: Final = ("child-necessary-care", "unable-to-consent")
PLAN_END_REASON: Final = BASE + "CodeSystem/plan-end-reason"
PLAN_END_REASONS: Final = (
    "goals-reached",
    "consent-withdrawn",
    "persons-wish",
    "moved",
    "deceased",
    "replaced",
    "other",
)
OBSERVATION: Final = BASE + "CodeSystem/observation"
WHAT_MATTERS: Final = Code(OBSERVATION, "what-matters")
ASKED_DECLINED: Final = Code("http://terminology.hl7.org/CodeSystem/data-absent-reason", "asked-declined")

TASK: Final = BASE + "CodeSystem/task"
TASKS: Final = ("intervention", "follow-up", "action-by-other", "consultation", "attention")
TASK_INTERVENTION: Final = Code(TASK, "intervention")
TASK_FOLLOW_UP: Final = Code(TASK, "follow-up")
TASK_ACTION_BY_OTHER: Final = Code(TASK, "action-by-other")
TASK_CONSULTATION: Final = Code(TASK, "consultation")
TASK_ATTENTION: Final = Code(TASK, "attention")

COMMUNICATION_CATEGORY: Final = BASE + "CodeSystem/communication"
COMMUNICATION_CATEGORIES: Final = (
    "call",
    "invitation",
    "message",
    "admission-notice",
    "discharge-date-changed",
    "discharge-ready",
    "discharge-information",
)
CALL: Final = Code(COMMUNICATION_CATEGORY, "call")
INVITATION: Final = Code(COMMUNICATION_CATEGORY, "invitation")
MESSAGE: Final = Code(COMMUNICATION_CATEGORY, "message")
ADMISSION_NOTICE: Final = Code(COMMUNICATION_CATEGORY, "admission-notice")
DISCHARGE_DATE_CHANGED: Final = Code(COMMUNICATION_CATEGORY, "discharge-date-changed")
DISCHARGE_READY: Final = Code(COMMUNICATION_CATEGORY, "discharge-ready")
DISCHARGE_INFORMATION: Final = Code(COMMUNICATION_CATEGORY, "discharge-information")
DISCHARGE_NOTICES: Final = (ADMISSION_NOTICE, DISCHARGE_DATE_CHANGED, DISCHARGE_READY, DISCHARGE_INFORMATION)
"""What a hospital has to tell, by law (2017:612), to the units concerned; no consent is asked for."""

NEED_ACTIVE: Final = Code("http://terminology.hl7.org/CodeSystem/condition-clinical", "active")
NEED_CATEGORY: Final = Code("http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item")

# Teams and fixed contacts.
TEAM_CATEGORY: Final = BASE + "CodeSystem/team-category"
PLAN_TEAM: Final = Code(TEAM_CATEGORY, "plan-team")
FIXED_CONTACT: Final = Code("https://fhir.inera.se/ig/careteam/CodeSystem/typ-av-careteam-cs", "fast-kontakt")
FIXED_CONTACT_KIND: Final = (
    "https://terminologitjansten.inera.se/inera-kodverksforvaltning/kodverk/kv_typ_av_fast_kontakt"
)
FIXED_CARE_CONTACT: Final = Code(FIXED_CONTACT_KIND, "1")
"""fast vårdkontakt"""
FIXED_DOCTOR: Final = Code(FIXED_CONTACT_KIND, "2")
"""fast läkarkontakt i primärvård"""
FIXED_HOME_CARE_CONTACT: Final = Code(FIXED_CONTACT_KIND, "3")
"""fast omsorgskontakt i hemtjänsten"""
FIXED_COORDINATING_CONTACT: Final = Code(FIXED_CONTACT_KIND, "4")
"""fast vårdkontakt med övergripande samordningsansvar"""
FIXED_CONTACT_KINDS: Final = (
    FIXED_CARE_CONTACT,
    FIXED_DOCTOR,
    FIXED_HOME_CARE_CONTACT,
    FIXED_COORDINATING_CONTACT,
)
CONTACT_CHANGE_REASON: Final = BASE + "CodeSystem/contact-change-reason"
CONTACT_CHANGE_REASONS: Final = (
    "first",
    "persons-wish",
    "staff-left",
    "unit-change",
    "moved",
    "needs-changed",
    "other",
    "staff-absent",
    "staff-back",
    "unit-merged",
    "special-reasons",
    "recruiting",
    "not-needed",
    "persons-wish-none",
    "deceased",
    "not-known",
)

# Consent.
CONSENT_SCOPE: Final = Code("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy")
CONSENT_CATEGORY: Final = BASE + "CodeSystem/consent-category"
CONSENT_CATEGORIES: Final = ("sip", "shared-record", "secrecy-waiver", "objection", "block")
CONSENT_SIP: Final = Code(CONSENT_CATEGORY, "sip")
CONSENT_SHARED_RECORD: Final = Code(CONSENT_CATEGORY, "shared-record")
CONSENT_SECRECY_WAIVER: Final = Code(CONSENT_CATEGORY, "secrecy-waiver")
CONSENT_OBJECTION: Final = Code(CONSENT_CATEGORY, "objection")
CONSENT_BLOCK: Final = Code(CONSENT_CATEGORY, "block")
CONSENT_FORM: Final = BASE + "CodeSystem/consent-form"
CONSENT_FORMS: Final = ("oral", "written")
INFORMATION_RECIPIENT: Final = Code("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP")

# Laws, as URIs for Consent.policy[].uri; contracts/fhir/codesystem-law.json names each paragraph.
LAW: Final = BASE + "law/"
LAW_HSL_16_4: Final = LAW + "hsl-16-4"
LAW_SOL_10_8: Final = LAW + "sol-10-8"
LAW_LSS_10: Final = LAW + "lss-10"
LAW_SHARED_RECORD_CONSENT: Final = LAW + "2022-913-3-1"
LAW_SHARED_RECORD_OBJECTION: Final = LAW + "2022-913-2-3"
LAW_PDL_BLOCK: Final = LAW + "pdl-4-4"
LAW_OSL_10_1: Final = LAW + "osl-10-1"
LAW_OSL_25_12: Final = LAW + "osl-25-12"
LAW_OSL_26_9: Final = LAW + "osl-26-9"
LAWS: Final = (
    LAW_HSL_16_4,
    LAW_SOL_10_8,
    LAW_LSS_10,
    LAW_SHARED_RECORD_CONSENT,
    LAW_SHARED_RECORD_OBJECTION,
    LAW_PDL_BLOCK,
    LAW_OSL_10_1,
    LAW_OSL_25_12,
    LAW_OSL_26_9,
)

# Contacts made (Encounter).
CONTACT_KIND: Final = BASE + "CodeSystem/contact-kind"
CONTACT_KINDS: Final = (
    "doctor-visit",
    "nurse-visit",
    "home-care-visit",
    "home-nursing-visit",
    "physiotherapy-visit",
)
ENCOUNTER_CLASS: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
ENCOUNTER_CLASSES: Final = ("AMB", "HH", "VR")
IN_HOSPITAL: Final = "IMP"
"""The class of a stay in hospital; no contact that continuity is computed from."""

# Extensions.
EXT_MUNICIPALITY_CODE: Final = BASE + "StructureDefinition/municipality-code"
EXT_NO_ACTIONS_BY_OTHERS: Final = BASE + "StructureDefinition/no-actions-by-others"
EXT_LAWFUL_GROUND: Final = BASE + "StructureDefinition/lawful-ground"
EXT_END_REASON: Final = BASE + "StructureDefinition/end-reason"
EXT_CONSENT_FORM: Final = BASE + "StructureDefinition/consent-form"

EXT_DEPRIVATION: Final = BASE + "StructureDefinition/deprivation-quintile"
EXT_FULL_TIME: Final = BASE + "StructureDefinition/full-time-equivalent"
EXT_INTERPRETER: Final = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"

# Questionnaires and topics.
QUESTIONNAIRE_FOLLOW_UP: Final = BASE + "Questionnaire/sip-follow-up"
QUESTIONNAIRE_CONTINUITY: Final = BASE + "Questionnaire/resident-continuity"
TOPIC_PLAN_CHANGED: Final = BASE + "SubscriptionTopic/plan-changed"
TOPIC_CONTACT_CHANGED: Final = BASE + "SubscriptionTopic/contact-changed"
TOPICS: Final = (TOPIC_PLAN_CHANGED, TOPIC_CONTACT_CHANGED)
