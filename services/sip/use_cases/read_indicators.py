"""Read the exact figures, for callers who have said who they are."""

from typing import Any

import orjson

from services.sip.use_cases.measure_ports import FiguresStore


async def read_indicators(figures: FiguresStore) -> bytes | None:
    """Give the newest exact figures as JSON; None before the first computation."""
    kept = await figures.latest()
    return kept.exact if kept else None


async def indicator_rows(figures: FiguresStore, indicator: str) -> list[dict[str, Any]]:
    """Give the rows of one indicator; none before the first computation."""
    exact = await read_indicators(figures)
    told = orjson.loads(exact).get("indicators", ()) if exact else ()
    return [row for one in told if one["id"] == indicator for row in one["rows"]]
