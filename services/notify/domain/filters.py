"""Filters of a subscription (`CarePlan?patient=Patient/1`): read strictly, met by what an event tells."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from services.notify.domain.record_event import RecordEvent
from services.notify.domain.topics import NATIVE_TYPES, Topic, native_topic

MOST_PERSONS: Final = 200
FILTER: Final = re.compile(r"([A-Z][A-Za-z]{1,63})\?([!-~]+)")
PERSON: Final = re.compile(r"(?:Patient/)?([A-Za-z0-9.-]{1,64})")


class FilterRefused(ValueError):
    """The filter cannot be read or is not supported; the text says what to write instead."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the focus must be: of one of these types, of one of these persons; None where anything goes."""

    types: frozenset[str] | None = None
    persons: frozenset[str] | None = None

    def lets_through(self, event: RecordEvent) -> bool:
        """Say whether the event meets it."""
        return (self.types is None or event.focus_type in self.types) and (
            self.persons is None or event.person in self.persons
        )


def read_filter(text: str, topic: Topic) -> Filter:
    """Read one filter criterion, or raise FilterRefused."""
    read = FILTER.fullmatch(text)
    if read is None:
        raise FilterRefused("A filter is written as CarePlan?patient=Patient/1.")
    kind, query = read.groups()
    if kind not in topic.focus_types:
        raise FilterRefused(
            f"{topic.url} is never about {kind}, but about {', '.join(sorted(topic.focus_types))}."
        )
    name, _, value = query.partition("=")
    return Filter(frozenset({kind}), _persons(name, value))


def _persons(name: str, value: str) -> frozenset[str]:
    if name != "patient" or not value or "&" in value:
        raise FilterRefused("Only patient=Patient/<id>[,Patient/<id>…] can be filtered by.")
    persons = [PERSON.fullmatch(one) for one in value.split(",")]
    if len(persons) > MOST_PERSONS or not all(persons):
        raise FilterRefused(
            f"patient takes up to {MOST_PERSONS} references Patient/<id>, separated by commas."
        )
    return frozenset(f"Patient/{one[1]}" for one in persons if one)


def read_native(criteria: str) -> tuple[str, Filter] | None:
    """Read R4's own criteria (CarePlan?patient=…); None when it is none, FilterRefused when it cannot be met."""
    kind, asks, query = criteria.partition("?")
    if not asks and kind not in NATIVE_TYPES:
        return None
    if kind not in NATIVE_TYPES:
        raise FilterRefused(
            f"Criteria by search are taken on {' and '.join(NATIVE_TYPES)}; use a topic instead."
        )
    if not query:
        return native_topic(kind), Filter(frozenset({kind}))
    name, _, value = query.partition("=")
    wanted = "patient" if name == "subject" else name
    found = _persons(wanted, value)
    return native_topic(kind), Filter(frozenset({kind}), found)


def all_of(filters: Sequence[Filter]) -> Filter:
    """Join filters that must all be met."""
    return Filter(
        _overlap(one.types for one in filters),
        _overlap(one.persons for one in filters),
    )


def _overlap(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    given = [one for one in sets if one is not None]
    return frozenset.intersection(*given) if given else None
