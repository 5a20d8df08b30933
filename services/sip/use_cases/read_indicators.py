"""Read the exact figures, for callers who have said who they are."""

from services.sip.use_cases.measure_ports import FiguresStore


async def read_indicators(figures: FiguresStore) -> bytes | None:
    """Give the newest exact figures as JSON; None before the first computation."""
    kept = await figures.latest()
    return kept.exact if kept else None
