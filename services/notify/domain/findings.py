"""Collects what is wrong with a resource while it is read, so that its author hears everything at once."""

from collections.abc import Mapping
from typing import Any

from services.chassis.outcome import Told


class Findings:
    """The issues found so far, each with its FHIR issue code, a text and a FHIRPath."""

    def __init__(self) -> None:
        self.issues: list[Told] = []

    def refuse(self, code: str, text: str, path: str) -> None:
        """Note one thing that is wrong."""
        self.issues.append(Told(code, text, path))

    def text(self, holder: Mapping[str, Any], name: str, path: str, *, longest: int = 1000) -> str | None:
        """Read an optional text; anything else there is refused."""
        value = holder.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            self.refuse("value", f"{name} must be a text of 1 to {longest} characters.", f"{path}.{name}")
            return None
        return value

    def required_text(self, holder: Mapping[str, Any], name: str, path: str) -> str | None:
        """Read a text that must be there."""
        if name not in holder:
            self.refuse("required", f"{name} is missing.", f"{path}.{name}")
            return None
        return self.text(holder, name, path)

    def objects(self, holder: Mapping[str, Any], name: str, path: str) -> list[Mapping[str, Any]]:
        """Read an optional list of objects; anything else there is refused."""
        value = holder.get(name, [])
        if not isinstance(value, list) or ("extension" in holder and name == "extension" and not value):
            self.refuse("structure", f"{name} must be a list that is not empty.", f"{path}.{name}")
            return []
        if any(not isinstance(one, dict) for one in value):
            self.refuse("structure", f"{name} must hold objects.", f"{path}.{name}")
            return []
        return value

    def only(self, holder: Mapping[str, Any], known: frozenset[str], path: str) -> None:
        """Refuse every element that is not known here."""
        for name in holder:
            if name not in known:
                self.refuse("not-supported", f"{name} is not supported here; leave it out.", f"{path}.{name}")

    def extension(self, extensions: list[Mapping[str, Any]], url: str, value_name: str, path: str) -> Any:
        """Give the value of the extension with this URL, or None; twice, or of another kind, is refused."""
        found = [one for one in extensions if one.get("url") == url]
        if not found:
            return None
        if len(found) > 1 or set(found[0]) - {"id"} != {"url", value_name}:
            self.refuse("structure", f"{url} may be given once, with {value_name}.", f"{path}.extension")
            return None
        return found[0][value_name]
