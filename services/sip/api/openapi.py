"""Writes the description of /api/v1 into contracts/: `python -m services.sip.api.openapi`."""

from importlib.metadata import version
from pathlib import Path
from typing import Final

import orjson

from services.sip.api.application import api_application

PLACE: Final = Path(__file__).parents[3] / "contracts" / "openapi" / "sip.json"


def description() -> bytes:
    """Give the OpenAPI document as it is kept."""
    described = api_application(version("samplan")).openapi()
    return orjson.dumps(described, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.write_bytes(description())
