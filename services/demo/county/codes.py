"""System URLs and codes that the county is written in; a test holds them to those of the service."""

from typing import Final

Coding = tuple[str, str]  # system, code

BASE: Final = "https://samplan.example/fhir/"

HSA_ID: Final = "urn:oid:1.2.752.29.4.19"
PERSONNUMMER: Final = "http://electronichealth.se/identifier/personnummer"
COUNTY_CODE: Final = BASE + "sid/county-code"
MUNICIPALITY_CODE: Final = BASE + "sid/municipality-code"
ENCOUNTER_ID: Final = BASE + "sid/encounter"
ASSIGNMENT_ID: Final = BASE + "sid/assignment"

ORGANIZATION_TYPE: Final = BASE + "CodeSystem/organization-type"
UNIT: Final = (ORGANIZATION_TYPE, "unit")
UNIT_KIND: Final = BASE + "CodeSystem/unit-kind"
PROTECTED_TITLE: Final = BASE + "CodeSystem/protected-title"
STAFF_ROLE: Final = BASE + "CodeSystem/staff-role"

INERA_PLAN_TYPE: Final = "https://fhir.inera.se/CodeSystem/typeofcareplan-cs"
PLAN_CATEGORY_SIP: Final = (INERA_PLAN_TYPE, "SIP")
PLAN_CATEGORY_DISCHARGE: Final = (INERA_PLAN_TYPE, "SPU")
PLAN_CATEGORY_LSS: Final = (BASE + "CodeSystem/plan-category", "lss")
PLAN_CATEGORY_FOREIGN: Final = (INERA_PLAN_TYPE, "VP")

LAWFUL_GROUND: Final = BASE + "CodeSystem/lawful-ground"
PLAN_END_REASON: Final = BASE + "CodeSystem/plan-end-reason"
WHAT_MATTERS: Final = (BASE + "CodeSystem/observation", "what-matters")
ASKED_DECLINED: Final = ("http://terminology.hl7.org/CodeSystem/data-absent-reason", "asked-declined")

TASK_INTERVENTION: Final = (BASE + "CodeSystem/task", "intervention")
TASK_FOLLOW_UP: Final = (BASE + "CodeSystem/task", "follow-up")
TASK_ACTION_BY_OTHER: Final = (BASE + "CodeSystem/task", "action-by-other")
CALL: Final = (BASE + "CodeSystem/communication", "call")
INVITATION: Final = (BASE + "CodeSystem/communication", "invitation")

NEED_ACTIVE: Final = ("http://terminology.hl7.org/CodeSystem/condition-clinical", "active")
NEED_CATEGORY: Final = ("http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item")
GOAL_ACHIEVED: Final = ("http://terminology.hl7.org/CodeSystem/goal-achievement", "achieved")
RELATIONSHIP: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"

PLAN_TEAM: Final = (BASE + "CodeSystem/team-category", "plan-team")
FIXED_CONTACT: Final = ("https://fhir.inera.se/ig/careteam/CodeSystem/typ-av-careteam-cs", "fast-kontakt")
FIXED_CONTACT_KIND: Final = (
    "https://terminologitjansten.inera.se/inera-kodverksforvaltning/kodverk/kv_typ_av_fast_kontakt"
)
FIXED_CARE_CONTACT: Final = (FIXED_CONTACT_KIND, "1")
FIXED_DOCTOR: Final = (FIXED_CONTACT_KIND, "2")
FIXED_HOME_CARE_CONTACT: Final = (FIXED_CONTACT_KIND, "3")
FIXED_COORDINATING_CONTACT: Final = (FIXED_CONTACT_KIND, "4")
CONTACT_CHANGE_REASON: Final = BASE + "CodeSystem/contact-change-reason"

CONSENT_SCOPE: Final = ("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy")
CONSENT_SIP: Final = (BASE + "CodeSystem/consent-category", "sip")
CONSENT_SECRECY_WAIVER: Final = (BASE + "CodeSystem/consent-category", "secrecy-waiver")
LAW_HSL_16_4: Final = BASE + "law/hsl-16-4"
LAW_SOL_10_8: Final = BASE + "law/sol-10-8"
LAW_LSS_10: Final = BASE + "law/lss-10"
LAW_OSL_10_1: Final = BASE + "law/osl-10-1"

CONTACT_KIND: Final = BASE + "CodeSystem/contact-kind"
ENCOUNTER_CLASS: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"

EXT_DEPRIVATION: Final = BASE + "StructureDefinition/deprivation-quintile"
EXT_FULL_TIME: Final = BASE + "StructureDefinition/full-time-equivalent"
EXT_INTERPRETER: Final = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
EXT_MUNICIPALITY_CODE: Final = BASE + "StructureDefinition/municipality-code"
EXT_NO_ACTIONS_BY_OTHERS: Final = BASE + "StructureDefinition/no-actions-by-others"
EXT_LAWFUL_GROUND: Final = BASE + "StructureDefinition/lawful-ground"
EXT_END_REASON: Final = BASE + "StructureDefinition/end-reason"
EXT_CONSENT_FORM: Final = BASE + "StructureDefinition/consent-form"
QUESTIONNAIRE_FOLLOW_UP: Final = BASE + "Questionnaire/sip-follow-up"
