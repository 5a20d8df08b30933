"""Technical counters: each process has counted its part."""

import re
from typing import Final

from services.demo.tour.case import Case
from services.demo.tour.exchange import Sent
from services.demo.tour.page import require

COUNTERS: Final = (
    ("sip api", "sip_http_requests_total"),
    ("sip relay", "sip_outbox_events_sent_total"),
    ("notify api", "notify_events_total"),
    ("notify worker", "notify_deliveries_total"),
)
STARTED: Final = "process_start_time_seconds"
SERIES: Final = re.compile(r"(?P<name>\w+)(?:\{(?P<labels>.*)\})? (?P<value>\S+)")
LABEL: Final = re.compile(r'(\w+)="([^"]*)"')

Series = tuple[str, dict[str, str], float]


def note_counters(case: Case) -> None:
    """Remember where the counters stand before the case begins, and since when."""
    for process, metric in COUNTERS:
        series = scraped(case, process)
        case.counters_before[metric] = (_sum(series, metric), _sum(series, STARTED))


def counters_have_moved(case: Case) -> None:
    """See each process count what it has done."""
    case.page.step("Each process has counted its part", "Prometheus")
    for process, metric in COUNTERS:
        before, started = case.counters_before[metric]
        series = scraped(case, process, shown=True)
        now = _sum(series, metric)
        if _sum(series, STARTED) > started:
            case.page.proof(f"{process}: {metric} {now:.0f}, counted from when it was started again")
            continue
        require(now > before, f"{metric} of {process} did not move: {before:.0f} → {now:.0f}")
        case.page.proof(f"{process}: {metric} {before:.0f} → {now:.0f}")


def scraped(case: Case, process: str, *, shown: bool = False) -> list[Series]:
    """Scrape a process as Prometheus does, without a token; give name, labels and value of each series."""
    url = f"{case.addresses.url(process)}/metrics"
    if shown:
        case.page.sent("GET", url)
    answer = case.parties["nurse"].wire.exchange(Sent("GET", url))
    if shown:
        case.page.got(answer.status)
    require(answer.status == 200, f"{url} answers {answer.status}")
    read = (SERIES.fullmatch(line) for line in answer.content.decode().splitlines())
    return [
        (one["name"], dict(LABEL.findall(one["labels"] or "")), float(one["value"])) for one in read if one
    ]


def _sum(series: list[Series], metric: str) -> float:
    return sum(value for name, _, value in series if name == metric)
