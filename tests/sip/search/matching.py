"""Whether one value meets one text searched for, kind by kind, as https://hl7.org/fhir/R4/search.html says it.

Part of the oracle: written from the specification, it imports nothing of ours.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.sip.search import dates

Node = Any
BASE: Final = "https://samplan.test/fhir"
NAMED: Final = ("text", "family", "given", "prefix", "suffix")
PLACED: Final = ("text", "line", "city", "district", "state", "postalCode", "country")
COMPARED: Final = re.compile(r"(eq|ne|gt|lt|ge|le|sa|eb|ap)?(.*)", re.DOTALL)


def divided(text: str, mark: str) -> list[str]:
    """Divide at a separator that is not escaped; what is escaped stays so."""
    parts, escaped = [""], False
    for letter in text:
        if letter == mark and not escaped:
            parts.append("")
            continue
        parts[-1] += letter
        escaped = letter == "\\" and not escaped
    return parts


def bare(text: str) -> str:
    """Take escapes away."""
    return re.sub(r"\\([\\,|$])", r"\1", text)


def folded(text: str) -> str:
    """Without case and accents; but å, ä and ö are letters in Swedish, not accented ones."""
    out = []
    for letter in unicodedata.normalize("NFC", text).casefold():
        kept = letter in "åäö"
        out.append(letter if kept else re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFD", letter)))
    return " ".join("".join(out).split())


def token(node: Node, modifier: str, text: str) -> bool:
    """Codes, Codings, CodeableConcepts, Identifiers, ContactPoints and booleans."""
    if modifier == "text":
        return any(folded(one).startswith(folded(bare(text))) for one in _texts(node))
    if modifier == "of-type":
        return _of_type(node, *[bare(one) for one in divided(text, "|")])
    if modifier == "in":
        return any((system, code) in _members(bare(text)) for system, code in _codes(node))
    system, bar, code = _divided_token(text)
    for has_system, has_code in _codes(node):
        if bar and system != has_system and has_system is not ANY_SYSTEM:
            continue
        if (not code and system) or has_code == code:
            return True
    return False


ANY_SYSTEM: Final = "*"
"""Of a plain code, whose system the definition of its element gives; questions name none of them."""


def _divided_token(text: str) -> tuple[str, bool, str]:
    place = re.match(r"(?:\\.|[^|\\])*", text)
    assert place
    if place.end() == len(text):
        return "", False, bare(text)
    return bare(text[: place.end()]), True, bare(text[place.end() + 1 :])


def _codes(node: Node) -> Iterator[tuple[str, str]]:
    if isinstance(node, bool):
        yield ANY_SYSTEM, str(node).lower()
    elif isinstance(node, str):
        yield ANY_SYSTEM, node
    elif isinstance(node, dict):
        for coding in node.get("coding", ()):
            yield from _codes(coding)
        code = node.get("code", node.get("value"))
        if "coding" not in node and (code is not None or "system" in node):
            yield node.get("system", ""), code if isinstance(code, str) else "\0"


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, dict):
        kind = node.get("type")
        named = [node.get("text"), node.get("display"), kind.get("text") if isinstance(kind, dict) else None]
        yield from (one for one in named if one)
        for coding in node.get("coding", ()):
            yield from _texts(coding)


def _of_type(node: Node, system: str, code: str, value: str) -> bool:
    codings = node.get("type", {}).get("coding", ()) if isinstance(node, dict) else ()
    return any(
        (one.get("system"), one.get("code"), node.get("value")) == (system, code, value) for one in codings
    )


@cache
def _members(url: str) -> frozenset[tuple[str, str]]:
    every = [json.loads(one.read_text()) for one in Path("contracts/fhir").glob("*.json")]
    systems = {one["url"]: one for one in every if one["resourceType"] == "CodeSystem"}
    (wanted,) = [one for one in every if one["resourceType"] == "ValueSet" and one["url"] == url]
    found = set()
    for part in wanted["compose"]["include"]:
        for concept in part.get("concept") or systems[part["system"]]["concept"]:
            found.add((part["system"], concept["code"]))
    return frozenset(found)


def string(node: Node, modifier: str, text: str) -> bool:
    """A text, or any part of a name or an address."""
    wanted = bare(text)
    for one in strings(node):
        if modifier == "exact":
            met = one == wanted
        elif modifier == "contains":
            met = folded(wanted) in folded(one)
        else:
            met = folded(one).startswith(folded(wanted))
        if met:
            return True
    return False


def strings(node: Node) -> Iterator[str]:
    """Give every text that a string parameter looks at."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for part in {*NAMED, *PLACED}:
            inside = node.get(part, [])
            yield from [inside] if isinstance(inside, str) else inside


def uri(node: Node, modifier: str, text: str) -> bool:
    """Exactly, unless :below or :above compares it step by step; a canonical's version need not be said."""
    wanted = bare(text)
    if modifier == "below":
        return any(one == wanted or one.startswith(wanted.rstrip("/") + "/") for one in _addresses(node))
    if modifier == "above":
        return any(wanted == one or wanted.startswith(one.rstrip("/") + "/") for one in _addresses(node))
    return wanted in _addresses(node)


def _addresses(node: Node) -> set[str]:
    return {node, node.partition("|")[0]}


def date(node: Node, _modifier: str, text: str) -> bool:
    """Any span the value is about."""
    found = COMPARED.fullmatch(text)
    assert found
    asked = dates.span(found[2])
    now = datetime.now(UTC)  # noqa: TID251 - what `ap` compares with
    return any(dates.compares(found[1] or "eq", asked, one, now) for one in dates.spans(node))


def quantity(node: Node, _modifier: str, text: str) -> bool:
    """A Quantity, or a Range, which has two ends."""
    if not isinstance(node, dict):
        return False
    number, *unit = [bare(one) for one in _thrice(text)]
    low, high, measured = _ends(node)
    if measured is None or (unit and not _in_unit(measured, *unit)):
        return False
    found = COMPARED.fullmatch(number)
    assert found
    return _amount(found[1] or "eq", found[2], low, high)


def _thrice(text: str) -> list[str]:
    return text.split("|")


def _in_unit(measured: dict[str, Any], system: str, code: str) -> bool:
    if system:
        return measured.get("system") == system and measured.get("code") == code
    return code in {measured.get("code"), measured.get("unit")}


def _ends(node: dict[str, Any]) -> tuple[float, float, dict[str, Any] | None]:
    if "low" in node or "high" in node:
        low, high = node.get("low", {}), node.get("high", {})
        return low.get("value", float("-inf")), high.get("value", float("inf")), low or high
    if "value" not in node:
        return 0, 0, None
    value = node["value"]
    sign = node.get("comparator", "")
    return (float("-inf") if "<" in sign else value), (float("inf") if ">" in sign else value), node


def _amount(prefix: str, text: str, low: float, high: float) -> bool:
    """Precision counts for eq and ne alone: 5.4 means from 5.35 to 5.45."""
    number = float(text)
    half = 0.5 * 10.0 ** -len(text.partition(".")[2])
    match prefix:
        case "eq":
            return low >= number - half - 1e-12 and high < number + half - 1e-12
        case "ne":
            return not _amount("eq", text, low, high)
        case "gt" | "lt":
            return high > number if prefix == "gt" else low < number
        case "ge" | "le":
            return (high > number or low >= number) if prefix == "ge" else (low < number or high <= number)
        case "sa" | "eb":
            return low > number if prefix == "sa" else high < number
    return low <= number + abs(number) / 10 and high >= number - abs(number) / 10


def reference(node: Node, modifier: str, text: str) -> bool:
    """By id, by type and id, by address; :Type says what an id is of, :identifier asks for what is known by name."""
    if isinstance(node, str):  # a canonical, which has no identifier
        return not modifier and bare(text) in _addresses(node)
    if not isinstance(node, dict):
        return False
    if modifier == "identifier":
        return "identifier" in node and token(node["identifier"], "", text)
    wanted = bare(text).removeprefix(BASE + "/")
    has: str = node.get("reference", "").partition("/_history")[0]
    if modifier:
        return has == f"{modifier}/{wanted.rpartition('/')[2]}"
    return has == wanted or ("/" not in wanted and bool(re.fullmatch(rf"\w+/{re.escape(wanted)}", has)))


KINDS: Final = {
    "token": token, "string": string, "uri": uri, "date": date, "quantity": quantity, "reference": reference,
}  # fmt: skip
