"""The exact figures as one long table: a number a row, so that any tool can read and turn it."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

Row = Mapping[str, Any]
PLACES: Final = ("county", "municipality", "by", "group", "unit")
WORDS: Final = ("status", "kind", "band", "profession", "question")
NAMES: Final = ("indicator", "measure", "computed", *PLACES, *WORDS, "number", "value")
"""The columns; what does not apply to a row is empty, and so is what is undefined."""
ASIDE: Final = frozenset({*PLACES, *WORDS, "counties"})


def chosen(exact: Row, indicator: str | None, way: str | None) -> dict[str, Any]:
    """Leave the indicators and groups that were asked for; `all` is a county as a whole."""
    told = [one for one in exact["indicators"] if indicator in {None, one["id"]}]
    if way is not None:
        told = [
            {**one, "rows": [], "strata": [row for row in one["strata"] if row["by"] == way]} for one in told
        ]
    return {**exact, "indicators": told}


def as_csv(exact: Row) -> str:
    """Write the figures as CSV: comma, quotes where needed, a header line."""
    file = io.StringIO()
    writer = csv.DictWriter(file, NAMES, restval="")
    writer.writeheader()
    writer.writerows(_tidy(exact))
    return file.getvalue()


def _tidy(exact: Row) -> Iterator[dict[str, Any]]:
    for indicator in exact["indicators"]:
        about = {
            "indicator": indicator["id"],
            "measure": indicator["measure"],
            "computed": exact["computed"],
        }
        for row in (*indicator["rows"], *indicator["strata"]):
            named = {name: row[name] for name in (*PLACES, *WORDS) if name in row}
            for number, value in row.items():
                if number not in ASIDE:
                    yield {**about, **named, "number": number, "value": "" if value is None else value}
