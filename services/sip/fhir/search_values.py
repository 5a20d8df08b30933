"""One parameter's value understood, by its kind and modifier: https://hl7.org/fhir/R4/search.html#ptypes."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from services.sip.domain.names import folded, sounding
from services.sip.domain.references import local_key
from services.sip.domain.resource_types import TYPES
from services.sip.domain.search_amounts import approximately, rounded_to
from services.sip.domain.search_entries import composed
from services.sip.domain.search_params import ANY, SearchParam
from services.sip.domain.search_query import (
    AmountComparison,
    AmountCondition,
    AnyCondition,
    Condition,
    DateCondition,
    IdCondition,
    TermCondition,
)
from services.sip.domain.search_spans import around, text_span
from services.sip.domain.search_terms import CODED, PRESENT, REFERRED, TYPED, WORDED, escaped
from services.sip.fhir.search_problem import wrong
from services.sip.fhir.search_text import plain, split
from services.sip.fhir.value_sets import codes_in

PREFIX: Final = r"(eq|ne|gt|lt|ge|le|sa|eb|ap)?"
DATE: Final = re.compile(
    PREFIX + r"(\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+\- ]\d\d:\d\d)?)?)?)?)"
)
NUMBER: Final = re.compile(PREFIX + r"([+-]?\d{1,20}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?)")
ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")
Test = Callable[["Written"], Condition]


@dataclass(frozen=True, slots=True)
class Written:
    """One parameter as it was written: under which name, with which modifier and values."""

    param: SearchParam
    name: str
    modifier: str
    values: tuple[str, ...]
    base: str
    now: datetime

    def terms(self, mark: str, text: Callable[[str], str] = plain) -> tuple[str, ...]:
        """Give a term for each value."""
        return tuple(f"{self.param.name}{mark}{text(one)}" for one in self.values)


def condition_of(written: Written) -> Condition:
    """Understand the values; raises BadRequest that names the parameter."""
    if written.modifier == "missing":
        return _missing(written)
    kind = written.param.kind
    if kind == "reference" and written.modifier in TYPES:
        return _referred_of_type(written)
    test = _TESTS.get((written.param.name, written.modifier)) or _TESTS.get((kind, written.modifier))
    if test is None:
        known = sorted(modifier for one, modifier in _TESTS if one == kind and modifier)
        served = ", ".join(f":{one}" for one in [*known, "missing"])
        text = f"the modifier :{written.modifier[:40]} is not served for a {kind} parameter; {served} are"
        raise wrong(written.name, text, "not-supported")
    return test(written)


def _missing(written: Written) -> Condition:
    if written.values not in {("true",), ("false",)}:
        raise wrong(written.name, "it is true or false")
    missing = written.values == ("true",)
    if written.param.name in {"_id", "_lastUpdated"}:  # every resource has them
        return IdCondition((), negated=not missing)
    return TermCondition(written.param.name, (written.param.name + PRESENT,), negated=missing)


def _ids(written: Written) -> Condition:
    ids = tuple(one for one in written.values if ID.fullmatch(one))
    return IdCondition(ids, negated=written.modifier == "not")


def _coded(written: Written) -> Condition:
    forms = tuple(f"{written.param.name}{CODED}{token_form(written.name, one)}" for one in written.values)
    return TermCondition(written.param.name, forms, negated=written.modifier == "not")


def token_form(name: str, text: str) -> str:
    """Read `code`, `system|code`, `|code` or `system|` as the form that terms have."""
    parts = [plain(one) for one in split(text, "|")]
    match parts:
        case [code]:
            return escaped(code)
        case [system, code] if system or code:
            return f"{system}|{escaped(code)}"
    raise wrong(name, f"{text!r:.60} is not written as code, system|code, |code or system|")


def _of_type(written: Written) -> Condition:
    terms = []
    for one in written.values:
        parts = [plain(part) for part in split(one, "|")]
        if len(parts) != 3 or not all(parts):
            raise wrong(written.name, f"{one!r:.60} is not written as system|type|value")
        system, kind, value = parts
        terms.append(f"{written.param.name}{TYPED}{system}|{escaped(kind)}|{escaped(value)}")
    return TermCondition(written.param.name, tuple(terms))


def _in_value_set(written: Written) -> Condition:
    codes = codes_in(plain(written.values[0])) if len(written.values) == 1 else None
    if codes is None:
        text = f"{','.join(written.values)!r:.80} is not one value set of ours: give its canonical address"
        raise wrong(written.name, text, "not-supported")
    terms = tuple(f"{written.param.name}{CODED}{system}|{escaped(code)}" for system, code in sorted(codes))
    return TermCondition(written.param.name, terms, negated=written.modifier == "not-in")


def _words(written: Written) -> Condition:
    fold = sounding if written.param.name == "phonetic" else folded
    texts = [fold(plain(one)) for one in written.values]
    if not all(texts):
        raise wrong(written.name, "nothing is left of it to look for")
    terms = tuple(f"{written.param.name}{WORDED}{one}" for one in texts)
    return TermCondition(
        written.param.name, terms, match="inside" if written.modifier == "contains" else "prefix"
    )


def _exactly(written: Written) -> Condition:
    return TermCondition(written.param.name, written.terms(CODED))


def _below(written: Written) -> Condition:
    _addresses(written)
    starts = tuple(one if one.endswith("/") else one + "/" for one in written.terms(CODED))
    return AnyCondition((_exactly(written), TermCondition(written.param.name, starts, match="prefix")))


def _above(written: Written) -> Condition:
    _addresses(written)
    above = {
        f"{written.param.name}{CODED}{text[:end]}"
        for text in map(plain, written.values)
        for found in re.finditer(r"/|$", text)
        for end in {found.start(), found.end()}
        if end > text.index("://") + 3
    }
    return TermCondition(written.param.name, tuple(sorted(above)))


def _addresses(written: Written) -> None:
    if not all("://" in one for one in written.values):
        raise wrong(written.name, f":{written.modifier} compares addresses with ://, not other URIs")


def _identified(written: Written) -> Condition:
    name = f"{written.param.name}:identifier"
    forms = tuple(f"{name}{CODED}{token_form(written.name, one)}" for one in written.values)
    return TermCondition(written.param.name, forms)


def _referred(written: Written) -> Condition:
    terms = [term for one in written.values for term in _references(written, plain(one))]
    return TermCondition(written.param.name, tuple(dict.fromkeys(terms)))


def _referred_of_type(written: Written) -> Condition:
    param = written.param
    if ANY not in param.targets and written.modifier not in param.targets:
        raise wrong(
            written.name, f"{param.name} leads to no {written.modifier}, but to {', '.join(param.targets)}"
        )
    return _referred(written)


def _references(written: Written, text: str) -> list[str]:
    """A bare id may be of any of the parameter's types; a type in the modifier says which."""
    param, kind = written.param, written.modifier
    start = param.name + REFERRED
    key = local_key(text, written.base)
    if kind and not ID.fullmatch(text) and (key is None or key.split("/")[0] != kind):
        raise wrong(written.name, f"{text!r:.60} is no id of a {kind}")
    if key or not ID.fullmatch(text):
        return [start + (key or text)]
    kinds = (kind,) if kind else TYPES if ANY in param.targets else param.targets
    return [start + text, *(f"{start}{one}/{text}" for one in kinds)]


def _dates(written: Written) -> Condition:
    return DateCondition(written.param.name, tuple(_date(written, one) for one in written.values))


def _date(written: Written, text: str) -> tuple[str, datetime, datetime]:
    found = DATE.fullmatch(text)
    if not found:
        example = "write for example ge2026-11-22, or 2026-11-22T10:00:00Z"
        raise wrong(written.name, f"{text!r:.40} is no date: {example}")
    try:
        span = text_span(found[2].replace(" ", "+"))  # a plus that was not percent-encoded arrives as a space
    except ValueError:
        raise wrong(written.name, f"{text!r:.40} is no date of the calendar") from None
    prefix = found[1] or "eq"
    return (prefix, *(around(span, written.now) if prefix == "ap" else span))


def _amounts(written: Written) -> Condition:
    return AmountCondition(written.param.name, tuple(_amount(written, one) for one in written.values))


def _amount(written: Written, text: str) -> AmountComparison:
    number, *unit = [plain(one) for one in split(text, "|")]
    found = NUMBER.fullmatch(number)
    if not found or len(unit) not in {0, 2}:
        raise wrong(written.name, f"{text!r:.60} is not written as number or number|system|code")
    prefix, value = found[1] or "eq", Decimal(found[2])
    low, high = approximately(value) if prefix == "ap" else rounded_to(value)
    system, code = unit or ("", "")
    return AmountComparison(prefix, float(value), low, high, system or None, code or None)


def _composite(written: Written) -> Condition:
    alternatives = []
    for one in written.values:
        parts = split(one, "$")
        if len(parts) != 2:
            raise wrong(written.name, f"{one!r:.60} is not written as code$value")
        name = composed(written.param.name, token_form(written.name, parts[0]))
        second = replace(written.param.parts[1], name=name)
        alternatives.append(condition_of(replace(written, param=second, values=(parts[1],))))
    return AnyCondition(tuple(alternatives))


_TESTS: Final[Mapping[tuple[str, str], Test]] = {
    ("_id", ""): _ids,
    ("_id", "not"): _ids,
    ("token", ""): _coded,
    ("token", "not"): _coded,
    ("token", "text"): _words,
    ("token", "of-type"): _of_type,
    ("token", "in"): _in_value_set,
    ("token", "not-in"): _in_value_set,
    ("string", ""): _words,
    ("string", "contains"): _words,
    ("string", "exact"): _exactly,
    ("reference", ""): _referred,
    ("reference", "identifier"): _identified,
    ("date", ""): _dates,
    ("quantity", ""): _amounts,
    ("uri", ""): _exactly,
    ("uri", "below"): _below,
    ("uri", "above"): _above,
    ("composite", ""): _composite,
}
"""Kind (or name) and modifier → what understands it."""


def values_in(name: str, text: str, most: int) -> tuple[str, ...]:
    """Divide alternatives, of which any may hold; empty ones say nothing."""
    values: Sequence[str] = [one for one in split(text, ",") if one]
    if not values:
        raise wrong(name, "it has no value")
    if len(values) > most:
        raise wrong(name, f"it has more than {most} values", "too-costly")
    return tuple(values)
