"""The work list: entries about people."""

from typing import Literal

from services.sip.api.models.people import Unit
from services.sip.api.models.words import Asked, Shown, Text, YesOrNo


class EntryNote(Asked):
    """What is noted when an entry is taken."""

    note: Text | None = None


class EntryClosing(Asked):
    """What was done, or why nothing was."""

    note: Text


class Note(Shown):
    """A note on an entry."""

    at: str | None
    text: str


class Entry(Shown):
    """Why a person is on the list."""

    id: str
    state: Literal["open", "taken", "closed"]
    reason: str
    text: str
    since: str | None
    raised_at: str | None
    person_id: str | None
    contact_id: str | None
    unit: Unit | None
    notes: list[Note]


class Entries(Shown):
    """Entries, newest change first; `next` leads to the following page."""

    entries: list[Entry]
    next: str | None


class FrailtyFlag(Asked):
    """Whether the person is assessed as frail."""

    frail: YesOrNo


class Frailty(Shown):
    """Whether the person is flagged as frail, and since when."""

    frail: bool
    since: str | None
