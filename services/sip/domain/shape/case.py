"""One resource under examination: where we are in it, what it contains, and what was found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from services.sip.domain.shape.definitions import definition, is_known_resource
from services.sip.domain.shape.issue import Issue

MOST_ISSUES: Final = 50
"""So many faults are told of what was sent; whoever has more will send again."""

Node = Mapping[str, Any]
Path = tuple["Path | None", str, int | None] | None
"""The way to a node: the path of its parent, its name in JSON, its place in the list if it repeats."""


@dataclass(slots=True)
class Case:
    """What the checks of one resource share.

    `outermost` is what was sent, `container` the resource that local references (#id) are looked up in,
    `full_urls` the types behind the fullUrls of the Bundle it came in, `local` those of its contained ones.
    """

    outermost: Node
    container: Node
    issues: list[Issue] = field(default_factory=list)
    full_urls: Mapping[str, str] | None = None
    local: Mapping[str, str] = field(default_factory=dict)
    in_contained: bool = False

    def tell(self, code: str, path: Path, text: str) -> None:
        """Note one fault at a place, while there is room."""
        if not self.is_full:
            self.issues.append(Issue("error", code, expression(self.outermost, steps_of(path)), text))

    @property
    def is_full(self) -> bool:
        """Say whether enough has been told."""
        return len(self.issues) >= MOST_ISSUES


def steps_of(path: Path) -> list[str | int]:
    """Write a path as the names and places from the top."""
    steps: list[str | int] = []
    while path is not None:
        path, name, number = path
        if number is not None:
            steps.append(number)
        steps.append(name)
    steps.reverse()
    return steps


def expression(resource: Node, steps: list[str | int]) -> str:
    """Write a place as FHIRPath: choices by their one name, siblings of primitives as the primitive."""
    kind: str | None = str(resource["resourceType"])
    node: Any = resource
    parts = [str(kind)]
    for step in steps:
        node = _below(node, step)
        if isinstance(step, int):
            parts[-1] += f"[{step}]"
        else:
            name = step.removeprefix("_")
            element = definition(kind).elements.get(name) if kind else None
            parts.append(element.group.removesuffix("[x]") if element else name)
            kind = None if element is None or step != name else element.type
        if kind == "Resource" and isinstance(node, dict):
            inner = node.get("resourceType")
            kind = inner if is_known_resource(inner) else None
    return ".".join(parts)


def _below(node: Any, step: str | int) -> Any:
    try:
        return node[step]
    except (KeyError, IndexError, TypeError):
        return None
