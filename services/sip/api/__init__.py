"""Plain JSON at /api/v1: the way in for systems that know personal numbers and HSA-ids, not FHIR."""
