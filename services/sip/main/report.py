"""Wiring of `samplan report`: the yearly report of a county, as a page and, through Chromium, as PDF."""

import asyncio
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from anyio.lowlevel import checkpoint

from services.sip.measures.publication import PublicationRule
from services.sip.measures.yearly.make_report import Reporting, make_report
from services.sip.storage.connection import connect, database
from services.sip.storage.mongo_measure_figures import MongoMeasureFigures
from services.sip.storage.mongo_measure_source import MongoMeasureSource
from services.sip.storage.mongo_place_names import MongoPlaceNames
from services.sip.storage.mongo_published_months import MongoPublishedMonths

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
PDF_SECONDS: Final = 120


class NoPdf(Exception):
    """The page cannot be printed here; the message says what to do."""


def run_report(mongo_url: str, mongo_database: str, year: int, county: str) -> str:
    """Give the page; NothingPublished when there is nothing to tell."""
    return asyncio.run(_report(mongo_url, mongo_database, year, county))


async def _report(mongo_url: str, mongo_database: str, year: int, county: str) -> str:
    client = connect(mongo_url)
    try:
        db = database(client, mongo_database)
        reporting = Reporting(
            source=MongoMeasureSource(client, db),
            figures=MongoMeasureFigures(db),
            months=MongoPublishedMonths(db),
            names=MongoPlaceNames(db),
            rule=PublicationRule(),
        )
        return await make_report(reporting, year, county, checkpoint)
    finally:
        client.close()


def as_pdf(page: Path, pdf: Path) -> None:
    """Print the page with Chromium, which draws it as readers see it; raises NoPdf."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise NoPdf("a PDF is printed by Chromium, which is not here. Mend: sudo apt-get install -y chromium")
    with tempfile.TemporaryDirectory(prefix="samplan-report-") as profile:
        command = [
            *(browser, "--headless", "--disable-gpu", "--no-sandbox", f"--user-data-dir={profile}"),
            *("--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.resolve().as_uri()),
        ]
        try:
            done = subprocess.run(command, capture_output=True, timeout=PDF_SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise NoPdf(f"Chromium did not print the page within {PDF_SECONDS} seconds.") from None
    if done.returncode or not pdf.exists():
        raise NoPdf(f"Chromium ended with {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}")
