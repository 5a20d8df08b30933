"""Writes the description of notify's API into contracts/: `python -m services.notify.main.openapi`."""

from pathlib import Path
from typing import Final

import orjson

from services.notify.main.described import described_api

PLACE: Final = Path(__file__).parents[3] / "contracts" / "openapi" / "notify.json"


def description() -> bytes:
    """Give the OpenAPI document as it is kept."""
    return orjson.dumps(described_api().openapi(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.write_bytes(description())
