"""A generated region with two municipalities: the same for the same seed, loaded through the public FHIR API."""
