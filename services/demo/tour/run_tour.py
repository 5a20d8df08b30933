"""The whole tour, step by step; it ends at the first step that does not hold."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final

from rich.console import Console

from services.demo.addresses import Addresses
from services.demo.ask_token import running_addresses, what_runs
from services.demo.county.facts import tour_people
from services.demo.county.loads import county
from services.demo.demo_directory import DemoDirectory
from services.demo.personas import PERSONAS
from services.demo.tour.access_log import access_log_tells
from services.demo.tour.case import Case, Step
from services.demo.tour.counters import counters_have_moved, note_counters
from services.demo.tour.everybody_told import both_sides_were_told, nurse_finds_it_in_her_inbox
from services.demo.tour.exchange import Wire
from services.demo.tour.figures import figures_answer
from services.demo.tour.fixed_contact import doctor_is_changed
from services.demo.tour.municipality_meets import (
    nurse_calls_the_region,
    nurse_finds_the_person,
    nurse_notes_the_consent,
    nurse_notes_the_need,
)
from services.demo.tour.municipality_plans import (
    activation_is_refused,
    nurse_completes_and_activates,
    nurse_drafts_the_plan,
    nurse_ends_the_plan,
)
from services.demo.tour.page import NotProven, Page
from services.demo.tour.party import FHIR, JSON, Party, Token
from services.demo.tour.region_reads import another_region_finds_nothing, doctor_reads_the_plan
from services.demo.tour.subscribe import subscribe_both_sides, unsubscribe_both_sides
from services.demo.tour.task_changed import doctor_changes_a_task
from services.demo.tour.webhook_receiver import WebhookReceiver

STEPS: Final[Sequence[Step]] = (
    note_counters,
    subscribe_both_sides,
    nurse_finds_the_person,
    nurse_notes_the_need,
    nurse_notes_the_consent,
    nurse_calls_the_region,
    nurse_drafts_the_plan,
    activation_is_refused,
    nurse_completes_and_activates,
    doctor_reads_the_plan,
    another_region_finds_nothing,
    doctor_changes_a_task,
    both_sides_were_told,
    nurse_finds_it_in_her_inbox,
    doctor_is_changed,
    counters_have_moved,
    figures_answer,
    access_log_tells,
    nurse_ends_the_plan,
)
"""In the order they are told."""


def run_tour(
    directory: DemoDirectory, console: Console, clock: Callable[[], datetime], steps: Sequence[Step] = STEPS
) -> bool:
    """Walk the tour against the demo of this folder; true when every step held. Obstacle when none runs."""
    addresses, loaded_on = running_addresses(directory), _loaded_on(directory)
    page = Page(console)
    wire = Wire(page)
    with WebhookReceiver(lambda: clock().timestamp()) as receiver:
        case = Case(page, addresses, receiver, _parties(directory, addresses, page, wire), [], clock)
        case.found["doctors employee"] = employee_of("region-gp")
        case.candidates = tour_people(county(loaded_on))
        page.title("Samplan, a guided tour: one person, two sides, one plan")
        try:
            for step in steps:
                step(case)
        except NotProven as failure:
            page.failed(str(failure))
            page.end(f"The tour ended at step {page.steps}: it does not hold.", held=False)
            return False
        finally:
            unsubscribe_both_sides(case)
            wire.close()
    page.end(f"All {page.steps} steps held.", held=True)
    return True


def _loaded_on(directory: DemoDirectory) -> date:
    """Give the day for which the county was generated; its people are the same whenever the tour is walked."""
    return date.fromisoformat(what_runs(directory, ready=True)["county"]["today"])


def _parties(directory: DemoDirectory, addresses: Addresses, page: Page, wire: Wire) -> dict[str, Party]:
    sip, fhir, notify = (
        f"{addresses.url('sip api')}/api/v1",
        f"{addresses.url('sip api')}/fhir",
        f"{addresses.url('notify api')}/fhir",
    )
    rows = (
        ("nurse", "municipal-nurse", sip, JSON),
        ("nurses inbox", "municipal-nurse", f"{addresses.url('notify api')}/api/v1", JSON),
        ("doctor", "region-gp", fhir, FHIR),
        ("stranger", "other-region", fhir, FHIR),
        ("monitor", "monitor", sip, JSON),
        ("officer", "privacy-officer", fhir, FHIR),
        ("region-system", "ehr-system", notify, FHIR),
        ("municipality-system", "municipal-system-9901", notify, FHIR),
    )
    return {
        name: Party(name, base, Token(client, directory, addresses, wire), wire, page, media)
        for name, client, base, media in rows
    }


def employee_of(persona: str) -> str:
    """Give the HSA-id of the person behind a persona."""
    return next(one.client.claims["employeeHsaId"] for one in PERSONAS if one.name == persona)
