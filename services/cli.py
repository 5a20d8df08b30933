"""The one command line: `samplan`, from a demo on a laptop to the five processes in production."""

import sys
from typing import Annotated, Final

import typer

from services.notify.main.commands import notify
from services.sip.main.commands import sip

FIRST_STEPS: Final = """Samplan: a person's coordinated individual plan (SIP) and fixed care contacts, shared.

Start the demo in one terminal and the tour in another:

\b
    samplan demo
    samplan tour
"""

app = typer.Typer(
    help=FIRST_STEPS,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,  # they show what variables held, secrets too
)
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


@app.command()
def report(
    *,
    year: Annotated[int, typer.Option(help="Which year.", min=2000, max=2100)],
    county: Annotated[str, typer.Option(help="Its code, two digits: 21 is Gävleborg.")],
    out: Annotated[
        str, typer.Option(help="Where to write it; the name of the year and county unless told.")
    ] = "",
    pdf: Annotated[bool, typer.Option("--pdf", help="Also as PDF, beside it; needs Chromium.")] = False,
) -> None:
    """Write the yearly report of a county and its municipalities, in plain Swedish, as one page.

    \b
    SAMPLAN_SIP_MONGO_URL=…       the record to report of; the running demo's unless told
    SAMPLAN_SIP_MONGO_DATABASE=…  its database there
    """  # noqa: D301 - click's mark for lines that are kept as they are
    from services.demo.main.report import write_report

    for path in write_report(year, county, out, pdf=pdf):
        print(path)


def main() -> None:
    """Run the command line; what stands in the way is told in one line."""
    from services.demo.obstacle import Obstacle

    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except Obstacle as reason:
        print(f"samplan: {reason}", file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
