"""contracts/fhir: sound resources, canonical URLs of our own, and the same codes as the code uses."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
from fhir.resources.R4B import get_fhir_model_class

from services.notify.domain.topics import TOPICS as TOPICS_OF_NOTIFY
from services.notify.domain.topics import topic_of
from services.sip.domain import codes
from services.sip.domain.care.contact import codes as contact_codes
from services.sip.domain.shape.definitions import definition, is_known_resource

FOLDER: Final = Path(__file__).parents[2] / "contracts" / "fhir"
EVENTS: Final = FOLDER.parent / "events" / "examples" / "1"
FILES: Final = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))
}


def of_type(resource_type: str) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in FILES.values() if one["resourceType"] == resource_type}


def canonical(resource: dict[str, Any]) -> str:
    """The URL a resource is known by; a NamingSystem has but the one of its identifiers."""
    url: str = resource["url"] if "url" in resource else resource["uniqueId"][0]["value"]
    return url


def codes_of(code_system: str) -> tuple[str, ...]:
    return tuple(one["code"] for one in of_type("CodeSystem")[code_system]["concept"])


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_a_sound_resource_named_after_its_type_and_id(name: str) -> None:
    resource = FILES[name]

    get_fhir_model_class(resource["resourceType"]).model_validate_json(json.dumps(resource))

    assert name == f"{resource['resourceType'].lower()}-{resource['id']}"
    assert resource["status"] == "active"
    assert resource["description"]


def test_every_canonical_is_our_own_and_stands_once() -> None:
    urls = Counter(canonical(one) for one in FILES.values())

    assert max(urls.values()) == 1
    for resource in FILES.values():
        place = "sid" if resource["resourceType"] == "NamingSystem" else resource["resourceType"]
        assert canonical(resource) == f"{codes.BASE}{place}/{resource['id']}"


def test_every_url_of_ours_that_a_file_speaks_of_has_a_file() -> None:
    known = {canonical(one) for one in FILES.values()} | set(codes.LAWS)
    spoken = {
        text.partition("|")[0]
        for resource in FILES.values()
        for text in texts_in(resource)
        if text.startswith(codes.BASE) and " " not in text
    }

    assert spoken - known == set()


def texts_in(node: Any) -> list[str]:
    if isinstance(node, str):
        return [node]
    below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [text for one in below for text in texts_in(one)]


def test_every_url_of_ours_that_the_code_speaks_of_has_a_file() -> None:
    known = {canonical(one) for one in FILES.values()} | {codes.BASE, codes.LAW}
    said = [*vars(codes).values(), *vars(contact_codes).values()]
    spoken = {text for value in said for text in ours_in(value)}

    assert spoken - known - set(codes.LAWS) == set()


def ours_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value] if value.startswith(codes.BASE) else []
    return [text for one in value for text in ours_in(one)] if isinstance(value, tuple) else []


def test_the_code_lists_of_the_code_are_those_of_the_files() -> None:
    assert {
        "organization-type": codes.ORGANIZATION_TYPES,
        "unit-kind": codes.UNIT_KINDS,
        "protected-title": codes.PROTECTED_TITLES,
        "staff-role": codes.STAFF_ROLES,
        "lawful-ground": codes.LAWFUL_GROUNDS,
        "plan-end-reason": codes.PLAN_END_REASONS,
        "task": codes.TASKS,
        "communication": codes.COMMUNICATION_CATEGORIES,
        "contact-change-reason": codes.CONTACT_CHANGE_REASONS,
        "consent-category": codes.CONSENT_CATEGORIES,
        "consent-form": codes.CONSENT_FORMS,
        "contact-kind": codes.CONTACT_KINDS,
        "plan-category": (codes.PLAN_CATEGORY_LSS.code,),
        "team-category": (codes.PLAN_TEAM.code,),
        "observation": (codes.WHAT_MATTERS.code,),
        "law": tuple(law.removeprefix(codes.LAW) for law in codes.LAWS),
        "access-label": codes.ACCESS_LABELS,
        "event-type": codes_of("event-type"),
        "contact-role": codes_of("contact-role"),  # data: the code reads the file
        "contact-state": contact_codes.CONTACT_STATES,
        "handover-content": contact_codes.PASSED_ON_CODES,
        "attention": contact_codes.ATTENTIONS,
        "condition": (contact_codes.FRAIL.code,),
    } == {name: codes_of(name) for name, one in of_type("CodeSystem").items() if one["content"] == "complete"}


def test_a_single_code_of_the_code_stands_in_its_code_system() -> None:
    said = [*vars(codes).values(), *vars(contact_codes).values()]
    single = [value for value in said if isinstance(value, codes.Code)]

    for one in single:
        if one.system.startswith(codes.BASE):
            assert one.code in codes_of(one.system.removeprefix(f"{codes.BASE}CodeSystem/")), one
    assert len(single) > 20


def test_codes_of_others_stand_in_our_value_sets_as_in_the_code() -> None:
    def listed(name: str) -> list[tuple[str, str]]:
        included = of_type("ValueSet")[name]["compose"]["include"]
        return [(one["system"], code["code"]) for one in included for code in one.get("concept", ())]

    assert listed("fixed-contact-kind") == list(codes.FIXED_CONTACT_KINDS)
    assert listed("plan-category") == [codes.PLAN_CATEGORY_SIP, codes.PLAN_CATEGORY_DISCHARGE]
    assert listed("encounter-class") == [(codes.ENCOUNTER_CLASS, code) for code in codes.ENCOUNTER_CLASSES]


def test_each_law_has_the_uri_a_consent_states() -> None:
    uris = [one["property"][0]["valueString"] for one in of_type("CodeSystem")["law"]["concept"]]

    assert uris == list(codes.LAWS)


def test_a_code_system_counts_its_codes_and_is_included_by_its_value_set() -> None:
    for name, code_system in of_type("CodeSystem").items():
        if code_system["content"] == "complete":
            assert code_system["count"] == len(set(codes_of(name))) == len(codes_of(name))
        if "valueSet" in code_system:
            included = of_type("ValueSet")[name]["compose"]["include"]
            assert code_system["url"] in [one["system"] for one in included]


def test_a_profile_speaks_only_of_elements_that_r4_has() -> None:
    for name, profile in of_type("StructureDefinition").items():
        assert profile["fhirVersion"] == "4.0.1"
        assert "snapshot" not in profile
        assert is_known_resource(profile["type"]) or profile["type"] == "Extension"
        for element in profile["differential"]["element"]:
            assert path_exists(element["path"]), (name, element["path"])
            assert re.sub(r":\w+", "", element["id"]) == element["path"]


def path_exists(path: str) -> bool:
    kind, *steps = path.split(".")
    for step in steps:
        groups = {one.group: one.type for one in definition(kind).elements.values()}
        if step not in groups:
            return False
        kind = groups[step]
    return True


def test_the_topics_carry_the_events_that_notify_sends_them() -> None:
    topics = of_type("SubscriptionTopic")
    assert {one["url"] for one in topics.values()} == set(TOPICS_OF_NOTIFY) == set(codes.TOPICS)

    events = {path.stem for path in EVENTS.glob("*.json")}
    for topic in topics.values():
        told = {trigger["event"]["coding"][0]["code"] for trigger in topic["eventTrigger"]}
        assert told == {one for one in events if (carrier := topic_of(one)) and carrier.url == topic["url"]}
        shapes = {one["resource"] for one in topic["notificationShape"]}
        assert shapes == TOPICS_OF_NOTIFY[topic["url"]].focus_types
    assert set(codes_of("event-type")) == events
