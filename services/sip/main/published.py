"""The resources of contracts/ that sip serves: its Measures."""

from pathlib import Path
from typing import Final

import orjson

import contracts
from services.sip.domain.held import Resource

FHIR: Final = Path(contracts.__file__).parent / "fhir"
SERVED: Final = ("measure-*.json",)


def published_contracts() -> list[Resource]:
    """Read the files of contracts/fhir whose types are served."""
    files = sorted(file for pattern in SERVED for file in FHIR.glob(pattern))
    return [orjson.loads(file.read_bytes()) for file in files]
