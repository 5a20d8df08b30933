"""The Measures that define our figures, and the reports made of them, as FHIR."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from fhir.resources.R4B.measure import Measure
from fhir.resources.R4B.measurereport import MeasureReport

from services.sip.measures.exact_figures import MEASURES, VERSION, canonical, exact_figures
from services.sip.measures.reports import measure_reports
from services.sip.measures.tally import Tally
from tests.sip.measures.county import county
from tests.sip.measures.county_plans import NOW
from tests.sip.measures.test_compute import added_up

CONTRACTS = Path(__file__).parents[3] / "contracts" / "fhir"
EXACT = exact_figures(added_up(county(1)), 7, NOW)
REPORTS = {report["id"].removesuffix("-2026-11-22"): report for report in measure_reports(EXACT, NOW)}


def defined(measure: str) -> dict[str, Any]:
    raw: dict[str, Any] = orjson.loads((CONTRACTS / f"measure-{measure}.json").read_bytes())
    return raw


def rows(measure: str) -> list[dict[str, Any]]:
    return next(one["rows"] for one in EXACT["indicators"] if one["id"] == measure)


def count(group: dict[str, Any], population: str) -> int:
    return next(
        int(one["count"]) for one in group["population"] if one["code"]["coding"][0]["code"] == population
    )


def told(value: dict[str, Any]) -> str:
    """Give the code, or the text where there is none: unknown is no code of a municipality."""
    code: str = value["coding"][0]["code"] if "coding" in value else value["text"]
    return code


def test_every_measure_we_compute_is_defined_and_no_other() -> None:
    assert {path.stem.removeprefix("measure-") for path in CONTRACTS.glob("measure-*.json")} == set(MEASURES)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_definition_is_sound_fhir_and_says_source_and_exclusions(measure: str) -> None:
    raw = defined(measure)
    Measure.model_validate(raw)

    assert f"{raw['url']}|{raw['version']}" == canonical(measure)
    assert raw["version"] == VERSION
    assert raw["definition"][0].startswith("Source:")
    assert any(text.startswith("Exclusions:") for text in raw["definition"])


@pytest.mark.parametrize("measure", MEASURES)
def test_a_report_is_sound_fhir_and_answers_its_definition(measure: str) -> None:
    report, definition = REPORTS[measure], defined(measure)
    MeasureReport.model_validate(report)

    assert report["measure"] == canonical(measure)
    assert report.get("improvementNotation") == definition.get("improvementNotation")
    assert len(report["group"]) == len(definition["group"])
    for group, asked in zip(report["group"], definition["group"], strict=True):
        assert group.get("code", {}).get("coding") == asked.get("code", {}).get("coding")
        known = {one["code"]["coding"][0]["code"] for one in asked["population"]}
        assert {one["code"]["coding"][0]["code"] for one in group["population"]} <= known


def test_a_report_holds_the_exact_figures() -> None:
    [group] = REPORTS["plans-by-status"]["group"]
    assert count(group, "initial-population") == sum(row["plans"] for row in rows("plans-by-status"))
    strata = {
        tuple(told(part["value"]) for part in one["component"]): count(one, "initial-population")
        for one in group["stratifier"][0]["stratum"]
    }
    assert strata == {(row["status"], row["municipality"]): row["plans"] for row in rows("plans-by-status")}


def test_the_score_of_a_whole_group_weighs_every_person_alike() -> None:
    [group] = REPORTS["continuity-coc"]["group"]
    counted = [row for row in rows("continuity-coc") if row["persons"]]
    people = sum(row["persons"] for row in counted)

    assert count(group, "measure-population") == people
    assert group["measureScore"]["value"] == pytest.approx(
        sum(row["mean"] * row["persons"] for row in counted) / people
    )
    for group in REPORTS["fixed-contact-coverage"]["group"]:
        share = count(group, "numerator") / count(group, "denominator")
        assert group["measureScore"]["value"] == pytest.approx(share)


def test_an_undefined_score_is_left_out() -> None:
    for report in measure_reports(exact_figures(Tally(), 1, NOW), NOW):
        MeasureReport.model_validate(report)
        assert not any("measureScore" in group for group in report["group"])


def test_the_period_of_the_continuity_index_is_its_eighteen_months() -> None:
    assert REPORTS["continuity-coc"]["period"] == {"start": "2025-05-22", "end": "2026-11-22"}
    assert REPORTS["plans-by-status"]["period"] == {"start": "2026-11-22", "end": "2026-11-22"}
