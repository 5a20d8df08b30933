"""Invariants of logs, figures and Bundles."""

from typing import Any, Final

from services.sip.domain.shape.invariants.rule import Invariant, Node, has, has_any, has_choice


def _one_value_or_components(node: Node, *, single: bool) -> bool:
    return single != has(node, "component")


def _only_in(name: str, *types: str) -> Any:
    """Entries have an element exactly in Bundles of these types."""
    return lambda bundle: all(has(one, name) == (bundle["type"] in types) for one in bundle.get("entry", ()))


def _full_urls_differ(bundle: Node) -> bool:
    seen = [
        (one["fullUrl"], one.get("resource", {}).get("meta", {}).get("versionId"))
        for one in bundle.get("entry", ())
        if "fullUrl" in one
    ]
    return bundle["type"] == "history" or len(set(seen)) == len(seen)


def _first_is(bundle: Node, resource_type: str) -> bool:
    first: Node = next(iter(bundle.get("entry", ())), {})
    return bool(first.get("resource", {}).get("resourceType") == resource_type)


def _document_is_named(bundle: Node) -> bool:
    identifier = bundle.get("identifier", {})
    return bundle["type"] != "document" or ("system" in identifier and "value" in identifier)


INVARIANTS: Final[dict[str, list[Invariant]]] = {
    "AuditEvent.entity": [
        Invariant(
            "sev-1",
            "Give either a name or a query",
            lambda node: not (has(node, "name") and has(node, "query")),
        )
    ],
    "Measure.group.stratifier": [
        Invariant(
            "mea-1",
            "A stratifier has either a criterion of its own or components",
            lambda node: _one_value_or_components(
                node, single=has_any(node, "code", "description", "criteria")
            ),
        )
    ],
    "MeasureReport": [
        Invariant(
            "mrp-1",
            "A report of the type data-collection has no groups",
            lambda node: node["type"] != "data-collection" or not has(node, "group"),
        )
    ],
    "MeasureReport.group.stratifier.stratum": [
        Invariant(
            "mrp-2",
            "A stratum has either a value or components",
            lambda node: _one_value_or_components(node, single=has(node, "value")),
        )
    ],
    "Parameters.parameter": [
        Invariant(
            "inv-1",
            "A parameter has either a value, a resource or parts",
            lambda node: has(node, "resource") + has(node, "part") + has_choice(node, "value") == 1,
        )
    ],
    "Bundle": [
        Invariant(
            "bdl-1",
            "Only a searchset or history has a total",
            lambda node: not has(node, "total") or node["type"] in {"searchset", "history"},
        ),
        Invariant(
            "bdl-2",
            "Only the entries of a searchset have search",
            lambda node: (
                node["type"] == "searchset" or not any(has(one, "search") for one in node.get("entry", ()))
            ),
        ),
        Invariant(
            "bdl-3",
            "Every entry of a batch, transaction or history has a request, no other has",
            _only_in("request", "batch", "transaction", "history"),
        ),
        Invariant(
            "bdl-4",
            "Every entry of a batch-response, transaction-response or history has a response, no other has",
            _only_in("response", "batch-response", "transaction-response", "history"),
        ),
        Invariant("bdl-7", "A fullUrl stands once, or with different versions", _full_urls_differ),
        Invariant("bdl-9", "A document has an identifier with system and value", _document_is_named),
        Invariant(
            "bdl-10",
            "A document has a timestamp",
            lambda node: node["type"] != "document" or "timestamp" in node,
        ),
        Invariant(
            "bdl-11",
            "A document begins with its Composition",
            lambda node: node["type"] != "document" or _first_is(node, "Composition"),
        ),
        Invariant(
            "bdl-12",
            "A message begins with its MessageHeader",
            lambda node: node["type"] != "message" or _first_is(node, "MessageHeader"),
        ),
    ],
    "Bundle.entry": [
        Invariant(
            "bdl-5",
            "An entry has a resource, a request or a response",
            lambda node: has_any(node, "resource", "request", "response"),
        ),
        Invariant(
            "bdl-8",
            "A fullUrl names no version",
            lambda node: "/_history/" not in node.get("fullUrl", ""),
        ),
    ],
}
