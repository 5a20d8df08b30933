"""Our profiles: what a StructureDefinition of contracts/fhir asks for beyond R4, held against a resource."""

from services.sip.domain.profiles.checking import Profiles

__all__ = ["Profiles"]
