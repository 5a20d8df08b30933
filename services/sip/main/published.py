"""The resources of contracts/ that sip serves: its definitions, read-only and found by their url."""

from pathlib import Path
from typing import Final

import orjson

import contracts
from services.sip.domain.held import Resource

FHIR: Final = Path(contracts.__file__).parent / "fhir"
SERVED: Final = (
    "codesystem",
    "measure",
    "namingsystem",
    "operationdefinition",
    "questionnaire",
    "searchparameter",
    "structuredefinition",
    "valueset",
)


def published_contracts() -> list[Resource]:
    """Read the files of contracts/fhir whose types are served."""
    files = sorted(file for pattern in SERVED for file in FHIR.glob(f"{pattern}-*.json"))
    return [orjson.loads(file.read_bytes()) for file in files]
