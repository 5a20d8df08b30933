"""Criteria in writes: If-None-Exist, conditional addresses, references by search. They are searches, read as such."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest
from services.sip.domain.references import reference_nodes
from services.sip.domain.resource_types import TYPES
from services.sip.domain.search_query import (
    AllConditions,
    AnyCondition,
    Condition,
    HasCondition,
    LinkCondition,
    SearchQuery,
)
from services.sip.fhir.search_controls import CONTROLS
from services.sip.fhir.search_parsing import understood


def criteria(kind: str, text: str, base: str, now: datetime, where: str | None = None) -> SearchQuery:
    """Read `name=value&…`, with or without `Type?` before; raises BadRequest naming what does not hold."""
    before, question, after = text.partition("?")
    if question and before.removeprefix(base).strip("/") != kind:
        raise BadRequest(Told("value", f"The criteria must be about {kind}.", where))
    parameters = parse_qsl(after if question else text, keep_blank_values=True, max_num_fields=200)
    if not parameters or any(name.partition(":")[0] in CONTROLS for name, _ in parameters):
        told = (
            "Criteria are search parameters that tell resources apart, such as identifier=<system>|<value>."
        )
        raise BadRequest(Told("value", told, where))
    query = understood(SearchQuery(kind), parameters, base, now, lenient=False).query
    return replace(query, count=2)


def scope_condition(kind: str, text: str, base: str, now: datetime) -> Condition | None:
    """Read the query of a SMART scope; None for one that is not understood, or follows references.

    What is written is judged by it too, before and after, and a chain leads to what may change without being written.
    """
    try:
        conditions = criteria(kind, text, base, now).conditions
    except BadRequest:
        return None
    return AllConditions(tuple(conditions)) if all(_flat(one) for one in conditions) else None


def _flat(condition: Condition) -> bool:
    if isinstance(condition, AnyCondition):
        return all(_flat(one) for one in condition.conditions)
    return not isinstance(condition, LinkCondition | HasCondition)


def criteria_in_references(resource: Any, base: str, now: datetime, where: str) -> dict[str, SearchQuery]:
    """Read every reference of the form `Type?…`."""
    return {text: criteria(kind, text, base, now, where) for kind, text in _conditional(resource)}


def _conditional(resource: Any) -> Iterator[tuple[str, str]]:
    for node in reference_nodes(resource):
        kind, question, _ = node["reference"].partition("?")
        if question and kind in TYPES:
            yield kind, node["reference"]
