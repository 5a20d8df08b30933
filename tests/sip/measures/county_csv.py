"""A county exported as CSV: what the independent script reads, and nothing else."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime

from tests.sip.measures.county import County

Tables = dict[str, str]
"""The text of each file, by name."""


def as_csv(county: County) -> Tables:
    """Write every fact down, one file a kind."""
    people = county.people
    return {
        "persons": _written(
            ("person", "municipality", "dead", "birth", "sex", "interpreter", "deprivation"),
            ((p.id, p.municipality, p.dead, p.birth, p.sex, p.interpreter, p.deprivation) for p in people),
        ),
        "contacts": _written(
            ("person", "kind", "start", "end", "status", "unit"),
            ((p.id, c.kind, c.start, c.end, c.status, c.unit) for p in people for c in p.contacts),
        ),
        "plans": _written(
            (
                *("person", "plan", "status", "category", "created", "consented", "called", "met", "came"),
                *("invited", "asked", "followed_up", "goals", "ended", "reason"),
            ),
            (
                (
                    *(p.id, x.id, x.status, x.category.code, x.created, x.consented, x.called, x.met),
                    *(sum(x.came), len(x.came), x.asked, x.followed_up, " ".join(x.goals), x.ended, x.reason),
                )
                for p in people
                for x in p.plans
            ),
        ),
        "follow_ups": _written(
            ("person", "plan", "due", "status"),
            ((p.id, f.plan, f.due, f.status) for p in people for f in p.follow_ups),
        ),
        "visits": _written(
            ("person", "at", "unit", "provider", "status", "kind"),
            (
                (p.id, v.at, v.unit, county.roles[v.role] if v.role else None, v.status, v.kind)
                for p in people
                for v in p.visits
            ),
        ),
        "answers": _written(
            ("person", "at", "points"),
            ((p.id, at, " ".join(map(str, points))) for p in people for at, points in p.answers),
        ),
    }


def _written(names: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(names)
    writer.writerows([_text(value) for value in row] for row in rows)
    return file.getvalue()


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
