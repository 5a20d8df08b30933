"""Who a verified access token says the caller is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

RELATIVE: Final = re.compile(r"(?:^|/)RelatedPerson/([A-Za-z0-9\-.]{1,64})$")
"""SMART's fhirUser, relative or absolute, of somebody who is near the person."""


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """Names of the claims that identify the caller; the defaults are those of Inera's IdP."""

    employee: str = "employeeHsaId"
    unit: str = "healthcareUnitHsaId"
    giver: str = "healthcareProviderHsaId"
    purpose: str = "commissionPurpose"
    patient: str = "patient"
    user: str = "fhirUser"


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller of one request: HSA-ids of employee, unit and care giver, or a resident's Patient id."""

    subject: str
    client_id: str
    issuer: str = ""
    scopes: tuple[str, ...] = ()
    employee: str | None = None
    unit: str | None = None
    giver: str | None = None
    purpose: str | None = None
    patient: str | None = None
    relative: str | None = None
    """`RelatedPerson/<id>` of who acts as a relative, for the person that `patient` names."""
    token_id: str | None = None
    claims: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


def principal_from(claims: Mapping[str, Any], names: ClaimNames) -> Principal:
    """Read the caller from verified claims; a claim of another kind than text counts as absent."""

    def text(name: str) -> str | None:
        value = claims.get(name)
        return value if isinstance(value, str) and value else None

    scope = claims.get("scope")
    return Principal(
        subject=text("sub") or "",
        client_id=text("client_id") or "",
        issuer=text("iss") or "",
        scopes=tuple(scope.split()) if isinstance(scope, str) else (),
        employee=text(names.employee),
        unit=text(names.unit),
        giver=text(names.giver),
        purpose=text(names.purpose),
        patient=text(names.patient),
        relative=f"RelatedPerson/{found[1]}" if (found := RELATIVE.search(text(names.user) or "")) else None,
        token_id=text("jti"),
        claims=claims,
    )
