"""The shape of resources: FHIR R4's structure, bindings, reference targets, invariants and safe narrative."""

from services.sip.domain.shape.gate import prepare, shape_issues
from services.sip.domain.shape.issue import Issue

__all__ = ["Issue", "prepare", "shape_issues"]
