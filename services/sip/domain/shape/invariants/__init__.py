"""The invariants of FHIR R4 that no JSON Schema can say, each with its key, as rules over one node."""
