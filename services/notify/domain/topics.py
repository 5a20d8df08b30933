"""Topics: which events each one carries. Their definitions stand in contracts/fhir as SubscriptionTopic."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.notify.domain.record_event import RecordEvent

CANONICAL: Final = "https://samplan.example/fhir/SubscriptionTopic/"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic's canonical URL, the groups of event types it carries, and the types of resource in focus."""

    url: str
    groups: frozenset[str]
    focus_types: frozenset[str]


PLAN_CHANGED: Final = Topic(
    f"{CANONICAL}plan-changed",
    frozenset({"plan", "task", "goal", "consent", "meeting", "follow-up", "deadline", "discharge"}),
    frozenset(
        {
            *("CarePlan", "Task", "Goal", "Consent", "Communication"),
            *("Appointment", "AppointmentResponse", "QuestionnaireResponse", "Encounter"),
        }
    ),
)
CONTACT_CHANGED: Final = Topic(f"{CANONICAL}contact-changed", frozenset({"contact"}), frozenset({"CareTeam"}))
TOPICS: Final[Mapping[str, Topic]] = {topic.url: topic for topic in (PLAN_CHANGED, CONTACT_CHANGED)}

# R4's own criteria: a search on one of these types. They carry every event about a resource of the type.
NATIVE_TYPES: Final = ("CarePlan", "CareTeam")


def native_topic(focus_type: str) -> str:
    """Name what R4's own criteria on a type subscribe to; no topic's URL ends so."""
    return f"{focus_type}?"


def carriers_of(event: RecordEvent) -> frozenset[str]:
    """Give everything that one can subscribe to and that carries this event."""
    topic = topic_of(event.type)
    native = [native_topic(event.focus_type)] if event.focus_type in NATIVE_TYPES else []
    return frozenset([*([topic.url] if topic else []), *native])


# The organisation's inbox needs no subscription. This name tells sip what is being asked about where no
# topic carries the event.
INBOX_TOPIC: Final = f"{CANONICAL}organisation-inbox"
# The remainder, told of every stored resource: a person who reads the inbox would drown in it.
NOT_IN_INBOX: Final = frozenset({"record.changed"})


def topic_of(event_type: str) -> Topic | None:
    """Give the topic that carries events of this type; every type is carried by at most one."""
    group = event_type.partition(".")[0]
    return next((topic for topic in TOPICS.values() if group in topic.groups), None)


def goes_to_inbox(event: RecordEvent) -> bool:
    """Say whether units find the event in their inbox; types unknown here are told, not swallowed."""
    return event.type not in NOT_IN_INBOX
