"""Measures read, search, create and update of a CarePlan of about 5 KB, and their ratios to the bare ceilings."""

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

import httpx2
from rich.console import Console
from rich.table import Table

from services.demo.ask_token import ask_token, running_addresses
from services.demo.county.units import BJORKVALLA_UNITS
from services.demo.demo_directory import demo_directory
from services.demo.mongod import mongod_url
from tests.bench.ceilings import bare_server, durable_inserts
from tests.bench.material import Material
from tests.bench.wrk import Measured, wrk

UNIT: Final = BJORKVALLA_UNITS[0].hsa
CONNECTIONS: Final = 32
NUMBERS: Final = Path("services/demo/county/test_personal_numbers.txt")

# Hearth's figures beside the same ceilings, times the factor asked for: docs/performance.md.
FLOOR: Final = {"read": 1.5 * 745 / 38_900, "search": 2.5 * 350 / 38_900, "create": 0.8 * 663 / 2_363}
STRETCH: Final = {"read": 3 * 745 / 38_900, "search": 4 * 350 / 38_900, "create": 1.5 * 663 / 2_363}

READING: Final = {"read", "search", "search, _include", "search, chained", "search, 10,000 plans", "history"}


def main() -> None:
    """Run the bench against the demo of this folder."""
    arguments = argparse.ArgumentParser(prog="make bench", description=__doc__)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=int, default=4, help="whole ones: wrk takes no others")
    given = arguments.parse_args()
    directory = demo_directory(os.environ)
    base = running_addresses(directory).url("sip api")

    def token() -> str:
        return ask_token(directory, "municipal-nurse")

    mongo = os.environ.get("SAMPLAN_MONGO_URL") or mongod_url(
        int((directory.path / "mongo-port").read_text())
    )
    with tempfile.TemporaryDirectory() as folder, bare_server() as bare:
        client = httpx2.Client(base_url=base, headers={"Authorization": f"Bearer {token()}"}, trust_env=False)
        material = Material(client, Path(folder))
        material.lay_in(mongo, UNIT)
        material.make([line for line in NUMBERS.read_text().split() if line.isdigit()])
        _report(_rounds((given.rounds, given.seconds), (base, bare, mongo), token, material))


Row = dict[str, Measured]


def _rounds(
    length: tuple[int, float], where: tuple[str, str, str], token: Callable[[], str], material: Material
) -> list[Row]:
    rounds, seconds = length
    base, bare, mongo = where
    files = {
        "read": material.reads,
        "search": material.searches,
        "search, _include": material.inclusions,
        "search, chained": material.chains,
        "search, 10,000 plans": material.crowded,
        "history": material.histories,
        "create": material.creates,
        "update": material.updates,
        "transaction of 50": material.transactions,
    }
    measured = []
    for _ in range(rounds):
        row: Row = {"bare ASGI": wrk(bare, connections=CONNECTIONS, seconds=seconds)}
        row["durable insert"] = Measured(*durable_inserts(mongo, connections=CONNECTIONS, seconds=seconds), 0)
        for name, requests in files.items():
            row[name] = wrk(
                base, connections=CONNECTIONS, seconds=seconds, token=token(), requests=requests()
            )
            alone = wrk(base, connections=1, seconds=max(1, seconds // 2), token=token(), requests=requests())
            row[f"{name} alone"] = alone
        measured.append(row)
    return measured


def _report(rounds: list[Row]) -> None:
    table = Table(title=f"sip api, one process, {CONNECTIONS} connections, {len(rounds)} rounds (medians)")
    for column in (
        "",
        "requests/s",
        "p50 ms",
        "p99 ms",
        "p50 ms alone",
        "of ceiling",
        "floor",
        "stretch",
        "failed",
    ):
        table.add_column(column, justify="left" if not column else "right")
    for name in (one for one in rounds[0] if not one.endswith(" alone")):
        ones = [row[name] for row in rounds]
        cells = [f"{median(one.per_second for one in ones):,.0f}", f"{median(one.p50 for one in ones):.1f}",
                 f"{median(one.p99 for one in ones):.1f}"]  # fmt: skip
        if f"{name} alone" in rounds[0]:
            ceiling = "bare ASGI" if name in READING else "durable insert"
            ratios = sorted(row[name].per_second / row[ceiling].per_second for row in rounds)
            cells += [
                f"{median(row[f'{name} alone'].p50 for row in rounds):.2f}",
                f"{ratios[0]:.3f}/{median(ratios):.3f}/{ratios[-1]:.3f}",
                f"{FLOOR[name]:.3f}" if name in FLOOR else "",
                f"{STRETCH[name]:.3f}" if name in STRETCH else "",
                str(sum(one.failed for one in ones)),
            ]
        table.add_row(name, *cells)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
