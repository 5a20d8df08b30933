"""Is the access log whole? Every seal and every row is checked, and the first that is not as it was is named."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.sip.domain.held import ALWAYS
from services.sip.domain.retention import LOG_AT_LEAST, YEAR
from services.sip.domain.sealed_log import BEGINNING, LATE, Seal, SignedSeal, canonical, leaf, root_of
from services.sip.use_cases.seal_ports import LogRow, SealedLog, SealKey

EARLY = "the record was purged before the five years it is kept for"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong: `kind` is changed, removed, inserted, reordered or seal; `record` is an id, where one is known."""

    kind: str
    seal: int
    record: str | None
    text: str


@dataclass(slots=True)
class LogVerdict:
    """What was looked at, and the first finding; none means that the log is whole."""

    seals: int = 0
    records: int = 0
    purged: int = 0
    finding: Finding | None = None
    missing: list[tuple[Finding, datetime]] = field(default_factory=list)
    purges: dict[str, datetime] = field(default_factory=dict)

    def settle(self) -> None:
        """What is gone was either purged on record and in its time, its hash left behind, or removed."""
        gone = [one for one, sealed in self.missing if not self._in_its_time(one.record or "", sealed)]
        self.purged = len(self.missing) - len(gone)
        gone = [replace(one, text=EARLY) if one.record in self.purges else one for one in gone]
        if gone and (self.finding is None or gone[0].seal <= self.finding.seal):
            self.finding = gone[0]

    def _in_its_time(self, record: str, sealed: datetime) -> bool:
        """The law keeps an entry for five years; when it was sealed says how old it was, give or take a moment."""
        purged = self.purges.get(record)
        return purged is not None and sealed <= purged - LOG_AT_LEAST * YEAR + LATE


async def verify_log(log: SealedLog, key: SealKey, published: Mapping[int, str] | None = None) -> LogVerdict:
    """Check the log; `published` are roots that left the house, by number: what they prove cannot be cut off."""
    verdict, last = LogVerdict(), None
    async for signed, rows in _one_ahead(log):
        verdict.finding = _flaw_of_seal(signed, last, key, published or {})
        found = _flaw_of_rows(signed, rows, last, verdict)
        if found and (verdict.finding is None or verdict.finding.record is None):
            verdict.finding = found
        verdict.seals += 1
        verdict.records += len(rows)
        last = signed.seal
        if verdict.finding:
            break
    verdict.settle()
    if verdict.finding is None:
        verdict.finding = _cut_off(verdict, last, published or {}) or await _slipped_in(log, verdict)
    return verdict


async def _one_ahead(log: SealedLog) -> AsyncIterator[tuple[SignedSeal, Mapping[str, LogRow]]]:
    """Give each seal with its rows, while the store already looks for the next one's."""
    waiting: tuple[SignedSeal, asyncio.Task[Mapping[str, LogRow]]] | None = None
    try:
        async for signed in log.seals():
            ready, waiting = waiting, (signed, asyncio.create_task(_rows(log, signed)))
            if ready is not None:
                yield ready[0], await ready[1]
        if waiting is not None:
            yield waiting[0], await waiting[1]
    finally:
        if waiting is not None:
            waiting[1].cancel()


async def _rows(log: SealedLog, signed: SignedSeal) -> Mapping[str, LogRow]:
    return await log.rows(signed.ids)


def _flaw_of_seal(
    signed: SignedSeal, last: Seal | None, key: SealKey, published: Mapping[int, str]
) -> Finding | None:
    seal, number = signed.seal, last.number + 1 if last else 1
    if seal.number != number:
        return Finding("seal", number, None, f"seal {number} is missing")
    if seal.previous != (last.link() if last else BEGINNING):
        return Finding("seal", number, None, f"seal {number} does not continue the one before it")
    if not key.holds(signed.key, seal.content(), signed.signature):
        return Finding("seal", number, None, f"seal {number} is not signed by a key of ours")
    if published.get(number, seal.root.hex()) != seal.root.hex():
        return Finding("seal", number, None, f"seal {number} is another than the one that was published")
    if seal.count != len(signed.ids) or root_of(signed.leaves) != seal.root:
        return Finding(
            "seal", number, None, f"the list of the {seal.count} records under seal {number} was altered"
        )
    return None


def _flaw_of_rows(
    signed: SignedSeal, rows: Mapping[str, LogRow], last: Seal | None, verdict: LogVerdict
) -> Finding | None:
    number, known, before = signed.seal.number, set(signed.leaves), (ALWAYS, "")
    for record, hashed in zip(signed.ids, signed.leaves, strict=False):
        row = rows.get(record)
        if row is None:
            finding = Finding("removed", number, record, "the record was removed")
            verdict.missing.append((finding, signed.seal.until))
            continue
        if (own := leaf(canonical(record, row.fields))) != hashed:
            kind = "reordered" if own in known else "changed"
            return Finding(kind, number, record, f"the record was {kind}")
        # Rows are sealed in the order of their times and ids, so that a list exchanged with its hashes shows too.
        if before > (before := (row.at, record)):
            return Finding("reordered", number, record, "the record stands before one that is older")
        if last and row.at < last.until - LATE:
            return Finding("inserted", number, record, "the record is older than what was sealed before it")
        if row.fields["action"] == "D" and row.fields["type"] == "AuditEvent" and row.fields["allowed"]:
            verdict.purges |= {key.partition("/")[2]: row.at for key in row.fields["keys"]}
    return None


def _cut_off(verdict: LogVerdict, last: Seal | None, published: Mapping[int, str]) -> Finding | None:
    newest = max(published, default=0)
    if newest <= (last.number if last else 0):
        return None
    text = f"seals up to {newest} were published, and the log ends at {verdict.seals}: it was cut off"
    return Finding("removed", verdict.seals + 1, None, text)


async def _slipped_in(log: SealedLog, verdict: LogVerdict) -> Finding | None:
    """A row that claims to be sealed, and stands under no seal, was written past us."""
    if await log.counted() == verdict.records:
        return None
    sealed: set[str] = set()
    async for signed in log.seals():
        sealed.update(signed.ids)
    async for record in log.claiming():
        if record not in sealed:
            return Finding("inserted", 0, record, "the record claims a seal that it is not under")
    return None


def roots_in(lines: Sequence[Mapping[str, object]]) -> dict[int, str]:
    """Read published roots: number and root of each."""
    return {int(str(one["number"])): str(one["root"]) for one in lines}
