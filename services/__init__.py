"""Samplan: coordinated individual plans and fixed care contacts, shared as FHIR."""
