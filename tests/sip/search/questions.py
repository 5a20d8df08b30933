"""Questions to a world: random searches with every kind of parameter, modifier, prefix, chain and inclusion."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

from tests.sip.search.matching import BASE
from tests.sip.search.oracle import Oracle
from tests.sip.search.paths import declared, values
from tests.sip.search.worlds import CODES, DATES, NUMBERS, SEARCHED, SYSTEMS, TEXTS, TIMES, URIS

Pair = tuple[str, str]
Draw = Callable[[st.SearchStrategy[Any]], Any]
PREFIXES: Final = ("", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
ASKED_TIMES: Final = (
    *DATES,
    *TIMES,
    "2026-11-22T10:30Z",
    "2026-11-22T00:00:00",
    "2026-11-22T11:30:00.250+01:00",
    "2027",
)
ASKED_NUMBERS: Final = (*map(str, NUMBERS), "5.40", "5", "1.0", "100.0")
UNITS: Final = ("", "", "|http://unitsofmeasure.org|mg", "||mg", "|http://unitsofmeasure.org|a", "|urn:u|mg")
SETS: Final = (
    "https://samplan.example/fhir/ValueSet/task",
    "https://samplan.example/fhir/ValueSet/observation",
)
MODIFIERS: Final = {
    "token": ("not",), "string": ("exact", "contains"), "uri": ("below", "above"), "reference": ("identifier",),
}  # fmt: skip
UNTRIED: Final = frozenset({"phonetic"})  # what sounds alike is ours to say
SAME_EVERYWHERE: Final = ("identifier", "_id", "_lastUpdated", "name")


@dataclass(frozen=True)
class Questions:
    """Draws searches about one world."""

    oracle: Oracle
    draw: Draw

    def one_of(self, options: Iterable[Any]) -> Any:
        """Draw one."""
        return self.draw(st.sampled_from(list(options)))

    def search(self) -> tuple[str, list[Pair]]:
        """Draw a type and what is asked of it."""
        kind = self.one_of(SEARCHED)
        return kind, [self.condition(kind) for _ in range(self.one_of((1, 1, 1, 2, 3)))]

    def condition(self, kind: str, depth: int = 0) -> Pair:
        """Draw one parameter, perhaps through a chain."""
        way = self.one_of(("plain", "plain", "plain", "chain", "has")) if depth < 3 else "plain"
        if way == "chain" and (chains := self._links(kind)):
            param, target = self.one_of(chains)
            if declared(kind)[param]["to"] == "*" or self.one_of((True, True, False)):
                name, text = self.condition(target, depth + 1)
                return f"{param}:{target}.{name}", text
            name = self.one_of([one for one in SAME_EVERYWHERE if one in declared(target)])
            return f"{param}.{name}", self._texts(target, name, "")
        if way == "has" and (links := self._links_to(kind)):
            other, param = self.one_of(links)
            name, text = self.condition(other, depth + 1)
            return f"_has:{other}:{param}:{name}", text
        return self.plain(kind)

    def _links(self, kind: str) -> list[Pair]:
        return [(name, target) for name, facts in declared(kind).items() for target in _targets(facts)]

    def _links_to(self, kind: str) -> list[Pair]:
        return [(other, name) for other in SEARCHED for name, target in self._links(other) if target == kind]

    def plain(self, kind: str) -> Pair:
        """Draw one parameter of the type itself."""
        name = self.one_of(one for one in declared(kind) if one not in UNTRIED)
        facts = declared(kind)[name]
        modifier = self.one_of(self._modifiers(kind, name, facts))
        if modifier == "missing":
            return f"{name}:missing", self.one_of(("true", "false"))
        text = self._texts(kind, name, modifier)
        return (f"{name}:{modifier}" if modifier else name), text

    def _modifiers(self, kind: str, name: str, facts: dict[str, Any]) -> list[str]:
        found = [one for each in self.oracle.of(kind) for one in values(each, facts["of"])]
        if name == "_id":
            return ["", "not"]
        if facts["type"] == "token" and any(isinstance(one, dict) for one in found):
            named = ["of-type"] if "identifier" in name else []
            return ["", "", "", "not", "text", "in", "not-in", "missing", *named]
        to = _targets(facts)
        return ["", "", "missing", *MODIFIERS.get(facts["type"], ()), *to]

    def _texts(self, kind: str, name: str, modifier: str) -> str:
        facts = declared(kind)[name]
        count = 1 if modifier in {"in", "not-in"} else self.one_of((1, 1, 1, 2, 3))
        return ",".join(self._text(kind, facts, modifier) for _ in range(count))

    def _text(self, kind: str, facts: dict[str, Any], modifier: str) -> str:
        if modifier in {"in", "not-in"}:
            return str(self.one_of(SETS))
        if facts["type"] == "composite":
            (_, _), (second, _) = facts["parts"]
            return f"{self._token()}${self._of_kind(second, kind, facts, '')}"
        return self._of_kind(facts["type"], kind, facts, modifier)

    def _of_kind(self, named: str, kind: str, facts: dict[str, Any], modifier: str) -> str:
        match named:
            case "token":
                return self._token_text(kind, facts, modifier)
            case "string":
                return self._string(modifier)
            case "date":
                return str(self.one_of(PREFIXES)) + str(self.one_of(ASKED_TIMES))
            case "quantity":
                return "".join(
                    map(str, (self.one_of(PREFIXES), self.one_of(ASKED_NUMBERS), self.one_of(UNITS)))
                )
            case "uri":
                whole = [one for one in URIS if not modifier or "://" in one]
                return str(self.one_of((*whole, "http://a.example/x/y/z", "http://a.example")))
        return self._reference(kind, facts, modifier)

    def _token(self, *, coded: bool = True) -> str:
        code = escaped(self.one_of(CODES))
        system = self.one_of(SYSTEMS[:2])
        forms = (code, f"{system}|{code}", f"|{code}", f"{system}|", escaped("x"), "follow-up")
        return str(self.one_of(forms if coded else forms[:1]))

    def _token_text(self, kind: str, facts: dict[str, Any], modifier: str) -> str:
        if modifier == "text":
            return self._string("")
        if modifier == "of-type":
            return "|".join(
                (self.one_of(SYSTEMS[:2]), escaped(self.one_of(CODES)), escaped(self.one_of(CODES)))
            )
        found = (
            [one for each in self.oracle.of(kind) for one in values(each, facts["of"])]
            if "of" in facts
            else []
        )
        plain = sorted(
            {str(one).lower() if isinstance(one, bool) else one for one in found if not isinstance(one, dict)}
        )
        if plain or not found:
            return escaped(self.one_of([*plain, "x"]))
        return self._token(
            coded=not any("use" in one or one.get("system") in {"phone", "email", "sms"} for one in found)
        )

    def _string(self, modifier: str) -> str:
        text = self.one_of(TEXTS)
        if modifier == "exact":
            return escaped(text)
        start = self.one_of((0, 0, 1, 2)) if modifier == "contains" else 0
        part = text[start : start + self.one_of((1, 2, 4, 40))].strip("\u030a ") or text
        return escaped(self.one_of((part, part.upper(), part.lower())))

    def _reference(self, kind: str, facts: dict[str, Any], modifier: str) -> str:
        found = [one for each in self.oracle.of(kind) for one in values(each, facts["of"])]
        if not modifier and any(isinstance(one, str) for one in found):
            return str(self.one_of(URIS)) + str(self.one_of(("", "|1")))
        if modifier == "identifier":
            return self._token()
        to = [modifier] if modifier else _targets(facts) or ["Patient"]
        key = self.one_of([one for one in self.oracle.world if one.split("/")[0] in to] or [f"{to[0]}/1"])
        number = key.split("/")[1]
        forms = (key, number, f"{BASE}/{key}") + (
            () if modifier else ("https://elsewhere.example/Patient/1",)
        )
        return str(self.one_of(forms))

    def order(self, kind: str) -> tuple[str, bool]:
        """Draw what to sort by, and whether downwards."""
        able = [
            name
            for name, facts in declared(kind).items()
            if name == "_id" or (facts["type"] in {"date", "string"} and name not in UNTRIED)
        ]
        return self.one_of(able), self.one_of((True, False))

    def inclusions(self, kind: str) -> list[Pair]:
        """Draw what is to come along."""
        asked: list[Pair] = []
        for _ in range(self.one_of((0, 1, 2))):
            forward, iterate = self.one_of((True, False)), self.one_of(("", ":iterate"))
            source = self.one_of(SEARCHED) if iterate else kind
            links = self._links(source) if forward else self._links_to(kind)
            if not links:
                continue
            if forward:
                param, target = self.one_of(links)
                asked.append((f"_include{iterate}", f"{source}:{param}" + self.one_of(("", f":{target}"))))
            else:
                asked.append((f"_revinclude{iterate}", ":".join(self.one_of(links))))
        return asked


def _targets(facts: dict[str, Any]) -> list[str]:
    if facts["type"] != "reference":
        return []
    return [one for one in SEARCHED if facts["to"] == "*" or one in facts["to"].split()]


def escaped(text: str) -> str:
    """Write what separates as plain text."""
    return "".join("\\" + one if one in "\\,|$" else one for one in text)
