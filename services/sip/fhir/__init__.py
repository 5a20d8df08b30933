"""The FHIR R4 way in: plain Starlette routes, bytes out."""
