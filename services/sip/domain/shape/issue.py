"""What the shape check finds."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault: FHIR issue type (`code`), place (FHIRPath, `CarePlan.activity[2].reference`) and words for it."""

    severity: Literal["error", "warning"]
    code: str
    expression: str
    text: str
