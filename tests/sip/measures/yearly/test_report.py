"""The yearly report: made of what was published alone, whole in itself, readable by eye and ear."""

import itertools
import re
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import orjson
import pytest
from anyio.lowlevel import checkpoint

from services.sip.domain.codes import COUNTY_CODE, HSA_ID, MUNICIPALITY_CODE
from services.sip.domain.moments import SWEDEN
from services.sip.main.report import as_pdf
from services.sip.measures.exact_figures import exact_figures
from services.sip.measures.publication import PublicationRule, republished, state_of
from services.sip.measures.published import states_as_json, states_from_json
from services.sip.measures.rollup import told_cells
from services.sip.measures.yearly.make_report import (
    NothingPublished,
    Reporting,
    _months_before,
    make_report,
)
from services.sip.measures.yearly.statements import COHERENT, HEALTH, IN_TIME, OWN_POWER
from services.sip.storage.connection import Client, Database
from services.sip.storage.mongo_measure_figures import MongoMeasureFigures
from services.sip.storage.mongo_measure_source import MongoMeasureSource
from services.sip.storage.mongo_place_names import MongoPlaceNames
from services.sip.storage.mongo_published_months import MongoPublishedMonths
from services.sip.use_cases.measure_ports import KeptFigures
from tests.sip.measures.county import County, county, version_of, versions
from tests.sip.measures.county_plans import NOW
from tests.sip.measures.test_compute import added_up

pytestmark = pytest.mark.anyio
RULE = PublicationRule()
NAMES = {"2180": "Gävle kommun", "2101": "Ockelbo kommun", "2161": "Ljusdals kommun"}


def organization(id: str, name: str, system: str, value: str) -> dict[str, Any]:
    identifier = [{"system": system, "value": value}]
    return {"resourceType": "Organization", "id": id, "name": name, "identifier": identifier}


@pytest.fixture
async def reporting(client: Client, db: Database) -> Reporting:
    """A county whose figures were published once, in November."""
    made = county(3, people=150)
    names = [organization("l", "Gävleborgs län", COUNTY_CODE, "21")]
    names += [organization(code, name, MUNICIPALITY_CODE, code) for code, name in NAMES.items()]
    names += [organization(f"unit{n}", f"Hälsocentral {n}", HSA_ID, f"SE-{n}") for n in range(4)]
    await db.records.insert_many([*versions(made), *(version_of(one, None) for one in names)])
    await publish(db, made, NOW)
    return Reporting(
        MongoMeasureSource(client, db),
        MongoMeasureFigures(db),
        MongoPublishedMonths(db),
        MongoPlaceNames(db),
        RULE,
    )


async def publish(db: Database, made: County, now: datetime) -> None:
    tally = added_up(made)
    states = republished(RULE, {}, {cell: state_of(cell, spread) for cell, spread in told_cells(tally)})
    published = states_as_json(states)
    exact = orjson.dumps(exact_figures(tally, 1, now))
    await MongoMeasureFigures(db).keep(KeptFigures(1, now, 0.1, exact, published))
    await MongoPublishedMonths(db).keep("2026-01", published, now)


class Page(HTMLParser):
    """What a reader meets: headings, pictures with their words, addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.pictures: list[set[str]] = []
        self.addresses: list[str] = []
        self.lang: str | None = None
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.open.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "xlink:href"}]
        self.lang = self.lang or given.get("lang")
        if tag == "svg":
            assert given.get("role") == "img"
            self.pictures.append({*(given.get("aria-labelledby") or "").split()})
        elif tag in {"title", "desc"} and "id" in given:
            self.pictures[-1].discard(given["id"] or "")
        elif tag == "h2":
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["h2"]:
            self.headings[-1] += data


async def test_the_report_has_the_four_statements_and_pictures_with_words(reporting: Reporting) -> None:
    text = await make_report(reporting, 2026, "21", checkpoint)
    page = Page(text)

    assert [one.heading for one in (IN_TIME, HEALTH, OWN_POWER, COHERENT)] == page.headings[1:5]
    assert page.headings[-1] == "Så är måtten gjorda"
    assert page.lang == "sv"
    assert len(page.pictures) >= 8
    assert not any(page.pictures), "every picture has the title and description it names"
    assert "Gävleborgs län" in text
    assert "Ljusdals kommun" in text


async def test_the_report_needs_nothing_from_anywhere_and_runs_nothing(reporting: Reporting) -> None:
    text = await make_report(reporting, 2026, "21", checkpoint)
    page = Page(text)

    assert all(address.startswith("#") for address in page.addresses)
    assert not re.search(r"<script|<link|@import|url\(|@font-face|<img", text)
    anchors = {address.removeprefix("#") for address in page.addresses}
    assert anchors == {one for one in anchors if f'id="{one}"' in text}


async def test_months_before_the_first_publication_are_worked_out_once_and_lie_as_far_apart_as_publications(
    reporting: Reporting, db: Database
) -> None:
    published = (await reporting.months.of_year(2026))["2026-01"]
    await db.measures.delete_one({"_id": "published/2026-01"})
    await reporting.months.keep("2026-04", published, NOW)
    await make_report(reporting, 2026, "21", checkpoint)
    months = await reporting.months.of_year(2026)
    assert list(months) == [f"2026-{month:02}" for month in range(1, 5)]

    states = [states_from_json(one) for one in months.values()]
    for earlier, later in itertools.pairwise(states):
        dated = {
            cell: state for cell, state in later.items() if cell.figure not in {"plans", "follow_ups_overdue"}
        }
        assert republished(RULE, dated, earlier) == earlier
    await make_report(reporting, 2026, "21", checkpoint)
    assert await reporting.months.of_year(2026) == months


async def test_a_month_is_of_its_last_moment_in_sweden(reporting: Reporting) -> None:

    [december, *rest] = _months_before("2027-02", 2026)
    assert december == ("2026-12", datetime(2026, 12, 31, 23, 59, 59, tzinfo=SWEDEN))
    assert len(rest) == 11
    assert list(_months_before("2026-01", 2026)) == []
    assert list(_months_before("2025-03", 2026)) == []


async def test_what_is_not_known_is_said_and_not_made_up(
    reporting: Reporting, client: Client, db: Database
) -> None:
    with pytest.raises(NothingPublished, match=r"county 99; there is 01, 21"):
        await make_report(reporting, 2026, "99", checkpoint)
    with pytest.raises(NothingPublished, match="2031"):
        await make_report(reporting, 2031, "21", checkpoint)
    await db.measures.delete_many({})
    with pytest.raises(NothingPublished, match="samplan sip measures"):
        await make_report(reporting, 2026, "21", checkpoint)


async def test_a_name_cannot_bring_markup_into_the_page(reporting: Reporting, db: Database) -> None:
    evil = organization("2161", "<script>alert(1)</script> kommun", MUNICIPALITY_CODE, "2161")
    await db.records.delete_one({"key": "Organization/2161"})
    await db.records.insert_one(version_of(evil, None))

    text = await make_report(reporting, 2026, "21", checkpoint)

    assert "<script" not in text
    assert "&lt;script" in text


@pytest.mark.system
async def test_chromium_prints_the_report(reporting: Reporting, tmp_path: Path) -> None:
    page, pdf = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_text(await make_report(reporting, 2026, "21", checkpoint), encoding="utf-8")

    as_pdf(page, pdf)

    assert pdf.read_bytes().startswith(b"%PDF-")
    assert pdf.stat().st_size > 50_000
