"""FHIR: Subscription and its operations, as R4 with the topic-based Backport."""
