"""The one command line: `samplan`, from a demo on a laptop to the five processes in production."""

import re
import sys
from collections.abc import Callable
from typing import Annotated, Final

import typer

SETTINGS: Final = """It needs in the environment:

\b
    {0}MONGO_URL      a MongoDB replica set: mongodb://host/?replicaSet=name
    {0}PUBLIC_BASE    the public address of both services; tokens are made out to it
    {0}ISSUERS        who may issue access tokens, as JSON:
{1}                   [{{"issuer": "https://…", "jwks_uri": "https://…"}}]
    {0}TOKEN_URL      where this service gets its own token
    {0}CLIENT_ID      as whom, and
    {0}CLIENT_SECRET  with which secret

It may also be told:

\b
    {0}HOST            where to listen (127.0.0.1),
    {0}PORT            and on which port ({2})
    {0}LOG_LEVEL       how much to log (INFO)
    {0}MONGO_DATABASE  where in MongoDB to keep things
"""


def _typer(text: str) -> typer.Typer:
    return typer.Typer(
        help=text,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,  # they show what variables held, secrets too
    )


def _of_sip(text: str, more: str = "") -> str:
    return f"{text}\n\n{SETTINGS.format('SAMPLAN_SIP_', ' ' * 12, 8000)}{more}"


def _of_notify(text: str) -> str:
    more = "    SAMPLAN_NOTIFY_SIP_URL         where sip's API answers (http://127.0.0.1:8000)\n"
    return f"{text}\n\n{SETTINGS.format('SAMPLAN_NOTIFY_', ' ' * 15, 8001)}{more}"


AGREED: Final = """
What the parties have agreed beyond what the law demands (both true):

\b
    SAMPLAN_SIP_FOLLOW_UP_DATE_REQUIRED, SAMPLAN_SIP_WHAT_MATTERS_REQUIRED
"""
TO_NOTIFY: Final = "    SAMPLAN_SIP_NOTIFY_URL      where notify's API answers (http://127.0.0.1:8001)\n"
SEALS: Final = """
The access log is sealed with, and checked against:

\b
    SAMPLAN_SIP_SEAL_KEY           an Ed25519 key as JWK, with its private part
    SAMPLAN_SIP_SEAL_EARLIER_KEYS  keys before it, public parts, as a JSON list of JWK texts
    SAMPLAN_SIP_SEAL_ROOTS_FILE    a file outside the store that each root is added to
    SAMPLAN_SIP_SEAL_EVERY_SECONDS how often to seal (1)
"""
FIRST_STEPS: Final = """Samplan: a person's coordinated individual plan (SIP) and fixed care contacts, shared.

Start the demo in one terminal and the tour in another:

\b
    samplan demo
    samplan tour
"""

app = _typer(FIRST_STEPS)
sip = _typer("Run a process of sip, which holds the record.")
notify = _typer("Run a process of notify, which tells of changes.")
app.add_typer(sip, name="sip")
app.add_typer(notify, name="notify")


@app.command()
def demo(
    *,
    reset: Annotated[
        bool, typer.Option("--reset", help="Forget all that the demo has stored, and end.")
    ] = False,
) -> None:
    """Run everything here, with a generated county.

    That is both services, a MongoDB, an authorization server and what they need to know of each other.
    It serves until Ctrl-C, keeps its data in .demo/ between runs, and starts again whatever is killed.
    The first start loads the county; «Samplan is ready» says when all is up.

    \b
    SAMPLAN_PORT=9000        moves the six ports from 8000–8005 to 9000–9005
    SAMPLAN_MONGO_URL=…      uses a replica set of yours instead of the one that comes along
    SAMPLAN_DEMO_DIR=…       keeps the data elsewhere
    """  # noqa: D301 - click's mark for lines that are kept as they are
    from services.demo.main import run

    if reset:
        run.reset()
    else:
        run.demo()


@app.command()
def tour() -> None:
    """Walk one real case through a running demo.

    A municipal nurse (plain JSON) and a region's doctor (FHIR) make a plan together; what the law demands is
    demanded, strangers see nothing, and every change reaches the other side. Exit code 0 only if all holds.
    """
    from services.demo.main.tour import tour as walk

    raise SystemExit(walk())


@app.command()
def token(
    persona: Annotated[str, typer.Argument(help="Who; `samplan personas` lists them.")],
    *,
    header: Annotated[bool, typer.Option("--header", help="Print the whole Authorization header.")] = False,
    unit: Annotated[str, typer.Option(help="For ehr-system: the HSA-id of the unit to act for.")] = "",
    scope: Annotated[str, typer.Option(help="Ask for less than the persona may have.")] = "",
) -> None:
    """Print an access token of the running demo.

    \b
    curl -H "$(samplan token region-gp --header)" http://127.0.0.1:8000/fhir/CarePlan
    """  # noqa: D301 - click's mark for lines that are kept as they are
    from services.demo.main.token import token as ask

    given = ask(persona, unit=unit, scope=scope)
    print(f"Authorization: Bearer {given}" if header else given)


@app.command()
def personas() -> None:
    """List the personas that have a token."""
    from services.demo.main.personas import personas as show

    show()


@sip.command("api", help=_of_sip("Serve the record: FHIR at /fhir, JSON at /api/v1.", AGREED))
def sip_api() -> None:
    """Run sip's API."""
    from services.sip.main.api import run_api

    _run("SAMPLAN_SIP_", run_api)


@sip.command(
    "relay",
    help=_of_sip("Hand every committed change on to notify, and seal the access log.", TO_NOTIFY + SEALS),
)
def sip_relay() -> None:
    """Run sip's relay."""
    from services.sip.main.relay import run_relay

    _run("SAMPLAN_SIP_", run_relay)


@sip.command("measures", help=_of_sip("Publish figures, small groups suppressed."))
def sip_measures() -> None:
    """Run sip's measures."""
    from services.sip.main.measures import run_measures

    _run("SAMPLAN_SIP_", run_measures)


@sip.command("verify-readers", help=_of_sip("Judge anew who may read what, and compare with what is stored."))
def sip_verify_readers() -> None:
    """Name every resource whose stored readers are not those of the rules; exit code 1 if there is any."""
    from services.sip.main.verify_readers import run_verify_readers

    def verify() -> None:
        verdict = run_verify_readers()
        for difference in verdict.differences:
            print(difference)
        found = len(verdict.differences) or "no"
        print(f"{verdict.resources} resources of {verdict.persons} persons: {found} differences")
        if verdict.differences:
            raise SystemExit(1)

    _run("SAMPLAN_SIP_", verify)


@sip.command("verify-log", help=_of_sip("Prove that the access log is whole.", SEALS))
def sip_verify_log(
    *,
    published: Annotated[
        str, typer.Option("--published", help="A file of published roots, one JSON object a line.")
    ] = "",
) -> None:
    """Name the first record that was changed, removed, inserted or reordered; exit code 1 if there is one."""
    from services.sip.main.verify_log import run_verify_log

    def verify() -> None:
        verdict = run_verify_log(published)
        print(f"{verdict.records} records under {verdict.seals} seals, {verdict.purged} purged on record")
        if found := verdict.finding:
            print(f"{found.kind}: AuditEvent/{found.record or '?'}, seal {found.seal}: {found.text}")
            raise SystemExit(1)

    _run("SAMPLAN_SIP_", verify)


@notify.command("api", help=_of_notify("Take events; serve subscriptions and the inbox."))
def notify_api() -> None:
    """Run notify's API."""
    from services.notify import main as notify_main

    _run("SAMPLAN_NOTIFY_", notify_main.run_api)


@notify.command("worker", help=_of_notify("Deliver, asking sip before each attempt."))
def notify_worker() -> None:
    """Run notify's worker."""
    from services.notify import main as notify_main

    _run("SAMPLAN_NOTIFY_", notify_main.run_worker)


def _run(prefix: str, process: Callable[[], None]) -> None:
    """Run a process; settings that are missing or wrong are told one to a line."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    try:
        process()
    except ValidationError as failure:
        if not failure.title.endswith("Settings"):
            raise
        for wrong in failure.errors(include_input=False, include_url=False):
            field, *within = (str(part) for part in wrong["loc"])
            where = f" ({'.'.join(within)})" if within else ""
            said = "is not set" if wrong["type"] == "missing" and not within else wrong["msg"]
            _complain(f"{prefix}{field.upper()}{where}: {said}. The command's --help says what it is for.")
        raise SystemExit(2) from None
    except SettingsError as failure:
        at = re.search(r'field "(\w+)"', str(failure))
        name = at[1].upper() if at else "…"
        _complain(f"{prefix}{name}: cannot be read. The command's --help shows its form.")
        raise SystemExit(2) from None


def _complain(text: str) -> None:
    print(f"samplan: {text}", file=sys.stderr)


def main() -> None:
    """Run the command line; what stands in the way is told in one line."""
    from services.demo.obstacle import Obstacle

    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except Obstacle as reason:
        _complain(str(reason))
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
