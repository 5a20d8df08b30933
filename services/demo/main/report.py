"""Entry of `samplan report`: the configured record's, else that of the running demo."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from services.demo.demo_directory import demo_directory
from services.demo.obstacle import Obstacle
from services.demo.store import SIP_DATABASE
from services.sip.main.report import NoPdf, as_pdf, run_report
from services.sip.measures.yearly.make_report import NothingPublished

COUNTY: Final = re.compile(r"[0-9]{2}")


def write_report(year: int, county: str, out: str, *, pdf: bool) -> Iterator[Path]:
    """Write the page, and print it; Obstacle says what stands in the way."""
    if not COUNTY.fullmatch(county):
        raise Obstacle(
            f"--county is {county!r}; it is two digits. Mend: samplan report --year {year} --county 21"
        )
    page = Path(out or f"samplan-{year}-{county}.html")
    if page.suffix != ".html":
        raise Obstacle(f"--out is {out!r}; the report is HTML. Mend: --out {page.with_suffix('.html')}")
    mongo_url, database = _record(os.environ)
    try:
        page.write_text(run_report(mongo_url, database, year, county), encoding="utf-8")
        yield page
        if pdf:
            as_pdf(page, page.with_suffix(".pdf"))
            yield page.with_suffix(".pdf")
    except OSError as failure:
        raise Obstacle(f"{page} cannot be written ({failure.strerror}). Mend: --out elsewhere.html") from None
    except (NothingPublished, NoPdf) as reason:
        raise Obstacle(str(reason)) from None


def _record(environment: Mapping[str, str]) -> tuple[str, str]:
    """Give the MongoDB and database of the settings; where there are none, those of the running demo."""
    if url := environment.get("SAMPLAN_SIP_MONGO_URL"):
        return url, environment.get("SAMPLAN_SIP_MONGO_DATABASE", "samplan_sip")
    running = demo_directory(environment).running()
    if running is None or "mongo_url" not in running:
        raise Obstacle("No record is named and no demo runs. Mend: set SAMPLAN_SIP_MONGO_URL, or make demo")
    return str(running["mongo_url"]), SIP_DATABASE
