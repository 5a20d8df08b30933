"""References: that they are written as R4 writes them, and lead to a type R4 allows at that place."""

import re
from collections.abc import Callable
from typing import Final

from services.sip.domain.shape.case import Case, Node, Path
from services.sip.domain.shape.definitions import RESOURCE_TYPES

_ID: Final = r"[A-Za-z0-9.\-]{1,64}"
_RELATIVE: Final = re.compile(rf"([A-Z][A-Za-z]+)/{_ID}(?:/_history/{_ID})?")
_ABSOLUTE: Final = re.compile(r"https?://(?:[\w.~%-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:[/?#]\S*)?")
_RESTFUL: Final = re.compile(rf"https?://[^\s?#]+/([A-Z][A-Za-z]+)/{_ID}(?:/_history/{_ID})?")
_URN: Final = re.compile(
    r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+"
)
_CONDITIONAL: Final = re.compile(r"([A-Z][A-Za-z]+)\?\S+")


def reference_check(targets: frozenset[str]) -> Callable[[Node, Path, Case], None]:
    """Make the check of a reference that may lead to these types; none named means any."""
    usual = re.compile(rf"(?:{'|'.join(sorted(targets or RESOURCE_TYPES))})/{_ID}").fullmatch

    def check(node: Node, path: Path, case: Case) -> None:
        if usual(node.get("reference", "")) and "type" not in node:
            return
        kind = type_behind(node, path, case) if "reference" in node else None
        if "type" in node:
            kind = _named(node["type"], kind, path, case)
        if kind is not None and targets and kind not in targets:
            allowed = ", ".join(sorted(targets))
            case.tell("structure", path, f"The reference leads to {_a(kind)}; allowed here: {allowed}.")

    return check


def type_behind(node: Node, path: Path, case: Case) -> str | None:
    """Tell the type a literal reference leads to, None where it cannot be known; report what is malformed."""
    reference: str = node["reference"]
    relative = _RELATIVE.fullmatch(reference)
    if relative:
        return _of_r4(relative[1], path, case)
    if reference.startswith("#"):
        return _local(reference[1:], path, case)
    if reference.startswith("urn:") and _URN.fullmatch(reference):
        return (case.full_urls or {}).get(reference)
    if _ABSOLUTE.fullmatch(reference):
        restful = _RESTFUL.fullmatch(reference)
        return restful[1] if restful and restful[1] in RESOURCE_TYPES else None
    if case.full_urls is not None and (conditional := _CONDITIONAL.fullmatch(reference)):
        return _of_r4(conditional[1], path, case)
    case.tell(
        "value",
        (path, "reference", None),
        "Not a reference: expected Type/id, an http(s) URL, urn:uuid: or urn:oid:, or # and the id of a"
        " contained resource.",
    )
    return None


def _of_r4(kind: str, path: Path, case: Case) -> str | None:
    if kind in RESOURCE_TYPES:
        return kind
    case.tell("value", (path, "reference", None), f"FHIR R4 has no resource type {kind}.")
    return None


def _local(name: str, path: Path, case: Case) -> str | None:
    """Look a local reference up; `#` alone leads from a contained resource to the one it is contained in."""
    if not name and case.in_contained:
        return str(case.container["resourceType"])
    if name not in case.local:
        text = f"No contained resource has the id '{name}' (ref-1)."
        case.tell("invariant", (path, "reference", None), text)
    return case.local.get(name)


def _named(named: str, kind: str | None, path: Path, case: Case) -> str | None:
    """Compare Reference.type with the type of the literal reference."""
    if named not in RESOURCE_TYPES:
        if ":" not in named:  # the URL of a logical model is allowed
            case.tell("code-invalid", (path, "type", None), f"FHIR R4 has no resource type {named}.")
        return kind
    if kind not in {None, named}:
        case.tell(
            "value", (path, "type", None), f"The type says {named}, the reference leads to {_a(str(kind))}."
        )
    return named


def _a(kind: str) -> str:
    return f"{'an' if kind.startswith(('A', 'E', 'I', 'O')) else 'a'} {kind}"


def on_behalf_of_check(node: Node, path: Path, case: Case) -> None:
    """ctm-1: only a Practitioner takes part in a team on behalf of an organization."""
    member = node.get("member", {})
    if "onBehalfOf" not in node or not ("reference" in member or "type" in member):
        return
    aside = Case(case.outermost, case.container, [], case.full_urls, case.local, case.in_contained)
    kind = member.get("type") or type_behind(member, path, aside)
    if kind not in {None, "Practitioner"}:
        case.tell(
            "invariant", path, "onBehalfOf is for a member that is a Practitioner; leave it out here (ctm-1)."
        )
