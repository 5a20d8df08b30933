"""Random resources of every type in a person's record and the directory, alike enough for searches to find some.

They are FHIR in form but make no sense as care: they are laid straight into the store, since only finding is tried.
"""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from services.sip.domain.resource_types import TYPES, Kind
from services.sip.domain.shape.definitions import Element, definition, is_complex
from tests.sip.search.paths import FACTS

Resource = dict[str, Any]

SEARCHED: Final = tuple(name for name, row in TYPES.items() if row.kind is not Kind.DERIVED)
START: Final = datetime(2026, 11, 20, 22, 58, tzinfo=UTC)
SYSTEMS: Final = ("urn:a", "https://samplan.example/fhir/CodeSystem/b", "")
CODES: Final = ("x", "X", "y", "a|b", "a,b", "c$d", "e\\f", "å")
TEXTS: Final = (
    *("Anna", "ANNA-Karin", "Åsa", "åsa", "Asa", "A\u030asa Öberg", "Öst", "Ost", "André", "andre", "Ärla"),
    *("Väg 1, uppgång $2", "100 %", ".*", "a|b", "back\\slash", "Stråssa  by", "É"),
)
DATES: Final = ("2024", "2026", "2026-02", "2026-12", "2026-03-29", "2026-10-25", "2026-11-22", "2026-12-31")
TIMES: Final = (
    *(
        "2026-11-22T00:00:00+01:00",
        "2026-11-21T23:00:00Z",
        "2026-11-22T10:30:00.250Z",
        "2026-11-22T10:30:00Z",
    ),
    *(
        "2026-03-29T01:30:00Z",
        "2026-10-25T02:30:00+02:00",
        "2027-01-01T00:00:00+01:00",
        "2026-11-22T23:59:59-05:00",
    ),
)
NUMBERS: Final = (0, 1, 5.4, 5.35, 5.45, 5.449, 100, 99.5, 100.5, -3)
URIS: Final = (
    "http://a.example/x",
    "http://a.example/x/y",
    "http://a.example/xy",
    "urn:oid:1.2",
    "http://a.example/",
)
UNITS: Final = (("http://unitsofmeasure.org", "mg"), ("http://unitsofmeasure.org", "a"), ("urn:u", "mg"))
OWN_SETS: Final = (
    ("https://samplan.example/fhir/CodeSystem/task", "follow-up"),
    ("https://samplan.example/fhir/CodeSystem/task", "other"),
)


class Maker:
    """Makes one world from one seed."""

    def __init__(self, seed: int, each: int = 3, kinds: Iterable[str] = SEARCHED) -> None:
        """Say how many of each type there are to be."""
        self._dice = random.Random(seed)
        self.keys = [f"{kind}/{kind[:4].lower()}-{number}" for kind in kinds for number in range(each)]

    def resources(self) -> dict[str, Resource]:
        """Make all, each with the time of its last change."""
        return {key: self._resource(key, place) for place, key in enumerate(self.keys)}

    def _resource(self, key: str, place: int) -> Resource:
        kind, number = key.split("/")
        self._patient = self._dice.choice(
            [one for one in self.keys if one.startswith("Patient/")] or ["Patient/1"]
        )
        made: Resource = {}
        for facts in FACTS[kind].values():
            if facts["type"] == "composite" or self._dice.random() < 0.35:
                paths = facts["of"].replace("(", "").split(" | ")
                self._grow(made, kind, self._dice.choice(paths), facts)
        at = START + timedelta(milliseconds=self._dice.choice((1, 250, 60_000)) * place)
        meta: Resource = {
            "versionId": "1",
            "lastUpdated": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        for name, value in (("tag", self._coding()), ("security", self._coding()), ("profile", self._uri())):
            if self._dice.random() < 0.3:
                meta[name] = [value]
        return {"resourceType": kind, "id": number, "meta": meta, **made}

    def _grow(self, node: Resource, owner: str, path: str, facts: dict[str, Any]) -> None:
        """Set what a path leads to, and what must stand on the way."""
        if facts["type"] == "composite":
            for _, part in facts["parts"]:
                self._grow(node, owner, f"{path}.{part.split(' | ')[0]}", {"type": "part"})
            return
        steps = [
            one
            for one in path.replace(")", "").split(".")[1:]
            if not one.startswith(("where(", "as(", "exists("))
        ]
        self._set(node, owner, [one.split(" ")[0] for one in steps], facts)

    def _set(self, node: Resource, owner: str, steps: list[str], facts: dict[str, Any]) -> None:
        group = [
            one
            for one in definition(owner).elements.values()
            if steps
            and one.group.removesuffix("[x]") == steps[0]
            and (one.type in MADE or (len(steps) > 1 and is_complex(one.type)))
        ]
        if not group or any(one.name in node for one in group if len(steps) == 1):
            return
        element = self._dice.choice(group)
        if element.type in MADE:
            node.setdefault(element.name, self._values(element))
            return
        inner: Resource = {}
        self._set(inner, element.type, steps[1:], facts)
        if inner:
            self._put(node, element, inner)

    def _put(self, node: Resource, element: Element, inner: Resource) -> None:
        if not element.many:
            node.setdefault(element.name, {}).update(inner)
            return
        every = node.setdefault(element.name, [])
        chosen = self._dice.choice(every) if every and self._dice.random() < 0.6 else None
        if chosen is None or any(one.startswith("value") for one in chosen):
            every.append(inner)  # nothing has two values
        else:
            chosen.update(inner)

    def _values(self, element: Element) -> Any:
        if not element.many:
            return self._one(element)
        return [self._one(element) for _ in range(self._dice.choice((1, 1, 2)))]

    def _one(self, element: Element) -> Any:
        if element.type == "Reference":
            return self._reference(element)
        if element.codes:
            return self._dice.choice(element.codes[:3])
        return MADE[element.type](self)

    def _reference(self, element: Element) -> Resource:
        targets = [one for one in self.keys if not element.targets or one.split("/")[0] in element.targets]
        about = (element.owner, element.name)
        if about in ABOUT or (targets and all(one.startswith("Patient/") for one in targets)):
            return {"reference": self._patient}  # a resource is about one person
        known = [one for one in targets if not one.startswith("Patient/")] * 2
        made: Resource = {"reference": self._dice.choice([*known, "https://elsewhere.example/Patient/1"])}
        if self._dice.random() < 0.2:
            made["identifier"] = self._identifier()
        return made

    def _coding(self) -> Resource:
        if self._dice.random() < 0.15:
            system, code = self._dice.choice(OWN_SETS)
        else:
            system, code = self._dice.choice(SYSTEMS), self._dice.choice(CODES)
        named = {"display": self._text()} if self._dice.random() < 0.3 else {}
        return {"code": code, **({"system": system} if system else {}), **named}

    def _concept(self) -> Resource:
        codings = [self._coding() for _ in range(self._dice.choice((0, 1, 1, 2)))]
        text = {"text": self._text()} if not codings or self._dice.random() < 0.3 else {}
        return ({"coding": codings} if codings else {}) | text

    def _identifier(self) -> Resource:
        system = self._dice.choice(SYSTEMS)
        kind = {"type": self._concept()} if self._dice.random() < 0.5 else {}
        return {"value": self._dice.choice(CODES), **({"system": system} if system else {}), **kind}

    def _text(self) -> str:
        return self._dice.choice(TEXTS)

    def _uri(self) -> str:
        return self._dice.choice(URIS)

    def _canonical(self) -> str:
        return self._uri() + self._dice.choice(("", "|1", "|2"))

    def _time(self) -> str:
        return self._dice.choice(TIMES)

    def _moment(self) -> str:
        return self._dice.choice((*TIMES, *DATES))

    def _period(self) -> Resource:
        start, end = sorted((self._moment(), self._moment()))
        return self._dice.choice(({"start": start}, {"end": end}, {"start": start, "end": end}))

    def _timing(self) -> Resource:
        return self._dice.choice(
            (
                {"event": [self._moment() for _ in range(2)]},
                {"repeat": {"boundsPeriod": self._period()}},
                {"code": {"text": "daily"}},
            )
        )

    def _quantity(self) -> Resource:
        system, code = self._dice.choice(UNITS)
        unit = self._dice.choice(({}, {"unit": "mg"}, {"system": system, "code": code}))
        sign = {"comparator": self._dice.choice(("<", ">="))} if self._dice.random() < 0.15 else {}
        return {"value": self._dice.choice(NUMBERS), **unit, **sign}

    def _range(self) -> Resource:
        low, high = sorted((self._dice.choice(NUMBERS), self._dice.choice(NUMBERS)))
        return self._dice.choice(
            (
                {"low": {"value": low}},
                {"high": {"value": high}},
                {"low": {"value": low}, "high": {"value": high}},
            )
        )

    def _name(self) -> Resource:
        return {"family": self._text(), "given": [self._text(), self._text()]} | self._dice.choice(
            ({}, {"text": self._text()}, {"prefix": [self._text()]})
        )

    def _address(self) -> Resource:
        parts = ("text", "city", "district", "state", "postalCode", "country")
        use = {"use": self._dice.choice(("home", "work"))}
        return (
            {one: self._text() for one in parts if self._dice.random() < 0.4} | {"line": [self._text()]} | use
        )

    def _telecom(self) -> Resource:
        return {"system": self._dice.choice(("phone", "email", "sms")), "value": self._dice.choice(CODES)}


MADE: Final[dict[str, Any]] = {
    "boolean": lambda one: one._dice.random() < 0.5,
    "string": Maker._text,
    "markdown": Maker._text,
    "code": lambda one: one._dice.choice(("x", "y")),
    "uri": Maker._uri,
    "canonical": Maker._canonical,
    "date": lambda one: one._dice.choice(DATES),
    "dateTime": Maker._moment,
    "instant": Maker._time,
    "Coding": Maker._coding,
    "CodeableConcept": Maker._concept,
    "Identifier": Maker._identifier,
    "Period": Maker._period,
    "Timing": Maker._timing,
    "Quantity": Maker._quantity,
    "SimpleQuantity": Maker._quantity,
    "Age": Maker._quantity,
    "Duration": Maker._quantity,
    "Range": Maker._range,
    "HumanName": Maker._name,
    "Address": Maker._address,
    "ContactPoint": Maker._telecom,
    "Reference": Maker._concept,  # never asked: what it leads to depends on the element
}
ABOUT: Final = {
    ("Task", "for"), ("CarePlan", "subject"), ("CareTeam", "subject"), ("Goal", "subject"), ("Condition", "subject"),
    ("Observation", "subject"), ("Communication", "subject"), ("QuestionnaireResponse", "subject"),
    ("Encounter", "subject"),
}  # fmt: skip
