"""Business figures: published without names, rounded, and silent about small groups."""

from typing import Any, Final

from services.demo.tour.case import Case
from services.demo.tour.counters import Series, scraped
from services.demo.tour.page import require

SMALLEST: Final = 5  # persons; smaller groups are never told of, larger ones in fives
FIGURES: Final = (
    "sip_plans",
    "sip_follow_ups_overdue",
    "sip_fixed_contact_coverage_ratio",
    "sip_coc_index_mean",
)


def figures_answer(case: Case) -> None:
    """Compare what everybody may see with the exact figures, which only a token opens."""
    case.page.step("Business figures answer, and small groups stay hidden", "Prometheus, plain JSON")
    public = scraped(case, "sip measures", shown=True)
    for name in FIGURES:
        found = [one for one in public if one[0] == name]
        require(found, f"{name} is not published")
        case.page.proof(f"{name}: " + ", ".join(_told(one) for one in found[:4]))
    monitor = case.parties["monitor"]
    exact = monitor.expect(monitor.get("/indicators"), 200).json
    _small_groups_are_hidden(case, public, exact)


def _small_groups_are_hidden(case: Case, public: list[Series], exact: Any) -> None:
    shown = {
        (labels["municipality"], labels["status"]): value
        for name, labels, value in public
        if name == "sip_plans"
    }
    odd = {key: value for key, value in shown.items() if value % SMALLEST or value < SMALLEST}
    require(not odd, f"published, though it tells of few: {odd}")
    rows = next(one["rows"] for one in exact["indicators"] if one["id"] == "plans-by-status")
    small = {
        (row["municipality"], row["status"]): row["persons"] for row in rows if 0 < row["persons"] < SMALLEST
    }
    hidden = {key: persons for key, persons in small.items() if key not in shown}
    require(hidden, "no group of fewer than five persons was there to be hidden")
    (place, status), persons = next(iter(hidden.items()))
    case.page.proof(
        f"counts in fives; {len(hidden)} small groups not at all, as {persons} × {status} in {place}"
    )


def _told(one: Series) -> str:
    _, labels, value = one
    return f"{' '.join(labels.values())} {value:g}"
