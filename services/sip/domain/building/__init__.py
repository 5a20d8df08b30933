"""Plain wishes made into FHIR resources: pure builders, one file for each thing a person speaks of."""
