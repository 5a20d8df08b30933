"""`samplan sip …`: sip's processes and proofs on the command line."""

import sys
from typing import Annotated

import typer

from services.chassis.process_command import WIDTH, process_command
from services.chassis.settings import ServiceSettings

sip = typer.Typer(
    help="Run a process of sip, which holds the record.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _settings() -> type[ServiceSettings]:
    from services.sip.settings import SipSettings

    return SipSettings


SipCommand = process_command(_settings)


@sip.command("api", cls=SipCommand, context_settings=WIDTH)
def sip_api() -> None:
    """Serve the record: FHIR at /fhir, JSON at /api/v1."""
    from services.sip.main.api import run_api

    run_api()


@sip.command("relay", cls=SipCommand, context_settings=WIDTH)
def sip_relay() -> None:
    """Hand every committed change on to notify, and seal the access log."""
    from services.sip.main.relay import run_relay

    run_relay()


@sip.command("measures", cls=SipCommand, context_settings=WIDTH)
def sip_measures() -> None:
    """Publish figures, small groups suppressed."""
    from services.sip.main.measures import run_measures

    run_measures()


@sip.command("verify-readers", cls=SipCommand, context_settings=WIDTH)
def sip_verify_readers() -> None:
    """Judge anew who may read what, and compare with what is stored.

    Every resource whose stored readers are not those of the rules is named; exit code 1 if there is any.
    """
    from services.sip.main.verify_readers import run_verify_readers

    verdict = run_verify_readers()
    for difference in verdict.differences:
        print(difference)
    found = len(verdict.differences) or "no"
    print(f"{verdict.resources} resources of {verdict.persons} persons: {found} differences")
    if verdict.differences:
        raise SystemExit(1)


@sip.command("verify-log", cls=SipCommand, context_settings=WIDTH)
def sip_verify_log(
    *,
    published: Annotated[
        str, typer.Option("--published", help="A file of published roots, one JSON object a line.")
    ] = "",
) -> None:
    """Prove that the access log is whole.

    The first record that was changed, removed, inserted or reordered is named; exit code 1 if there is one.
    """
    from services.sip.main.verify_log import run_verify_log

    verdict = run_verify_log(published)
    print(f"{verdict.records} records under {verdict.seals} seals, {verdict.purged} purged on record")
    if found := verdict.finding:
        print(f"{found.kind}: AuditEvent/{found.record or '?'}, seal {found.seal}: {found.text}")
        raise SystemExit(1)


@sip.command("purge", cls=SipCommand, context_settings=WIDTH)
def sip_purge(
    *,
    order: Annotated[
        str, typer.Option("--order", help="An authority's order to destroy, by its number.")
    ] = "",
    person: Annotated[str, typer.Option("--person", help="With --order: whose record, by id.")] = "",
    giver: Annotated[str, typer.Option("--giver", help="With --order: which care giver's, by HSA-id.")] = "",
) -> None:
    """Purge what retention has run out for, or destroy what an authority orders; both for good.

    Each purge is on record and leaves hashes behind, so that the log still verifies.
    """
    from services.sip.main.purge import run_destroy, run_purge

    if order or person or giver:
        if not (order and person and giver):
            print(
                "samplan: an order is carried out with all of --order, --person and --giver.", file=sys.stderr
            )
            raise SystemExit(2)
        print(f"{run_destroy(person, giver, order)} resources destroyed by order {order}")
        return
    done = run_purge()
    print(f"{done.entries} entries of the access log purged")
    print(f"{done.resources} resources of {done.persons} persons purged, {done.waiting} parts wait")
