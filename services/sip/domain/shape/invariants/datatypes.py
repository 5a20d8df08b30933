"""Invariants of the datatypes: quantities, periods, ranges, contact points, timings and their like."""

from typing import Any, Final

from services.sip.domain.shape.invariants.rule import Invariant, Node, has, has_any, has_choice, in_order

UCUM: Final = "http://unitsofmeasure.org"


def _needs(name: str, other: str) -> Any:
    """Where one element is, another must be."""
    return lambda node: not has(node, name) or has(node, other)


def _in_ucum_with_code(node: Node) -> bool:
    return (has(node, "code") or not has(node, "value")) and node.get("system", UCUM) == UCUM


def _low_is_not_above_high(node: Node) -> bool:
    """Quantities of different units cannot be compared."""
    low, high = node.get("low", {}), node.get("high", {})
    alike = all(low.get(name) == high.get(name) for name in ("system", "code"))
    alike = alike and ("code" in low or low.get("unit") == high.get("unit"))
    comparable = alike and "value" in low and "value" in high
    return not comparable or low["value"] <= high["value"]


def _ratio_is_whole(node: Node) -> bool:
    whole = has(node, "numerator") == has(node, "denominator")
    return whole and (has(node, "numerator") or has(node, "extension"))


def _has_path_or_parameter(node: Node) -> bool:
    return has(node, "path") != has(node, "searchParam")


def _offset_fits(repeat: Node) -> bool:
    when = set(repeat.get("when", ()))
    return not has(repeat, "offset") or (bool(when) and not when & {"C", "CM", "CD", "CV"})


def _trigger_has_what_its_type_asks(node: Node) -> bool:
    asked = {"named-event": has(node, "name"), "periodic": has_choice(node, "timing")}
    return asked.get(node["type"], has(node, "data"))


INVARIANTS: Final[dict[str, list[Invariant]]] = {
    "Extension": [
        Invariant(
            "ext-1",
            "An extension has either a value or extensions of its own, not both and not neither",
            lambda node: has(node, "extension") != has_choice(node, "value"),
        )
    ],
    "Quantity": [Invariant("qty-3", "A unit given as a code needs its system", _needs("code", "system"))],
    "SimpleQuantity": [
        Invariant("sqty-1", "No comparator is allowed here", lambda node: not has(node, "comparator"))
    ],
    "Age": [
        Invariant(
            "age-1",
            "An age is above zero, with a unit of time as a UCUM code",
            lambda node: _in_ucum_with_code(node) and node.get("value", 1) > 0,
        )
    ],
    "Count": [
        Invariant(
            "cnt-3",
            'A count is a whole number with the UCUM code "1"',
            lambda node: (
                _in_ucum_with_code(node)
                and node.get("code", "1") == "1"
                and not isinstance(node.get("value"), float)
            ),
        )
    ],
    "Distance": [Invariant("dis-1", "A distance has a unit of length as a UCUM code", _in_ucum_with_code)],
    "Duration": [
        Invariant(
            "drt-1",
            "A duration whose unit is a code needs a value, and UCUM as the system",
            lambda node: not has(node, "code") or (node.get("system") == UCUM and has(node, "value")),
        )
    ],
    "Period": [
        Invariant(
            "per-1",
            "A period cannot end before it starts",
            lambda node: in_order(node.get("start"), node.get("end")),
        )
    ],
    "Range": [Invariant("rng-2", "The low of a range cannot be above its high", _low_is_not_above_high)],
    "Ratio": [Invariant("rat-1", "A ratio has both a numerator and a denominator", _ratio_is_whole)],
    "Attachment": [
        Invariant("att-1", "An attachment with data needs a contentType", _needs("data", "contentType"))
    ],
    "ContactPoint": [Invariant("cpt-2", "A contact value needs its system", _needs("value", "system"))],
    "Expression": [
        Invariant(
            "exp-1",
            "An expression needs its text or a reference to it",
            lambda node: has_any(node, "expression", "reference"),
        )
    ],
    "DataRequirement.codeFilter": [
        Invariant("drq-1", "Give either a path or a searchParam", _has_path_or_parameter)
    ],
    "DataRequirement.dateFilter": [
        Invariant("drq-2", "Give either a path or a searchParam", _has_path_or_parameter)
    ],
    "Timing.repeat": [
        Invariant("tim-1", "A duration needs its durationUnit", _needs("duration", "durationUnit")),
        Invariant("tim-2", "A period needs its periodUnit", _needs("period", "periodUnit")),
        Invariant("tim-4", "A duration cannot be below zero", lambda node: node.get("duration", 0) >= 0),
        Invariant("tim-5", "A period cannot be below zero", lambda node: node.get("period", 0) >= 0),
        Invariant("tim-6", "A periodMax needs its period", _needs("periodMax", "period")),
        Invariant("tim-7", "A durationMax needs its duration", _needs("durationMax", "duration")),
        Invariant("tim-8", "A countMax needs its count", _needs("countMax", "count")),
        Invariant("tim-9", "An offset needs a when, other than C, CM, CD and CV", _offset_fits),
        Invariant(
            "tim-10",
            "Give either timeOfDay or when",
            lambda node: not (has(node, "timeOfDay") and has(node, "when")),
        ),
    ],
    "TriggerDefinition": [
        Invariant(
            "trd-1",
            "Give either data or timing",
            lambda node: not (has(node, "data") and has_choice(node, "timing")),
        ),
        Invariant("trd-2", "A condition needs data", _needs("condition", "data")),
        Invariant(
            "trd-3",
            "A named event needs a name, a periodic one timing, one about data needs data",
            _trigger_has_what_its_type_asks,
        ),
    ],
}
