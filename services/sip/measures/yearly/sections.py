"""The report's sections: what is shown under each statement, and in what words."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.sip.domain.codes import FIXED_DOCTOR
from services.sip.domain.continuity.sip_process import (
    CALL_IN_TIME,
    ENDED_WITH_REASON,
    FOLLOWED_UP_IN_TIME,
    WHAT_MATTERS,
)
from services.sip.measures.cells import (
    ATTENDANCE,
    CALL_DAYS,
    COC_BY_PROFESSION,
    COC_BY_UNIT,
    COC_INDEX,
    CONTACT_BAND,
    CONTACT_HELD,
    CONTACT_LACKED,
    GOALS_REACHED,
    REPORTED,
    SIP_NO,
    SIP_YES,
    STAFF_MET,
    Cell,
    Figure,
)
from services.sip.measures.indicators import BAND_NAMES
from services.sip.measures.publication import PublicationRule
from services.sip.measures.yearly.facts import Edition, YearFacts
from services.sip.measures.yearly.plots import Pair, Point, Words, comparison, distribution, paired
from services.sip.measures.yearly.plots_of_change import Line, funnel, trend
from services.sip.measures.yearly.svg import swedish
from services.sip.measures.yearly.words import BANDS, GROUPS, PROFESSIONS, QUESTIONS

DOCTOR = FIXED_DOCTOR.code
RULE = PublicationRule()
NOTHING = "Visas inte: i varje grupp är det för få personer."


class Shown(NamedTuple):
    """A picture with its title and the words beneath it; an empty picture where nothing may be shown."""

    title: str
    picture: str
    words: str = ""


def index(value: float) -> str:
    """Write an index with two decimals."""
    return swedish(value, 2)


def one_decimal(value: float) -> str:
    """Write a mean with one decimal."""
    return swedish(value, 1)


def _compared(
    words: Words,
    rows: Sequence[Point],
    caption: str = "",
    high: float = 1,
    aim: tuple[float, str] | None = None,
) -> Shown:
    """Compare, unless there is nothing that may be shown."""
    if not _any(rows):
        return Shown(words.title, "", NOTHING)
    return Shown(words.title, comparison(words, rows, high, aim), caption)


def in_time(facts: YearFacts) -> Iterator[Shown]:
    """Give the pictures about time."""
    for question in (CALL_IN_TIME, FOLLOWED_UP_IN_TIME):
        yield _asked(facts, question)
    days = [(_name(facts, place), facts.newest.mean(CALL_DAYS, place)) for place in facts.places]
    words = Words("dagar", "Dagar från samtycke till kallelse, medel", one_decimal)
    yield _compared(words, days, "Färre dagar är bättre.", _highest(days, 3.3), (3, "tre dagar"))
    yield _lists(facts)


def _lists(facts: YearFacts) -> Shown:
    rows: list[Point] = []
    for row in facts.list_loads:
        listed, capacity = row["listed"], row["capacity"]
        if facts.county in str(row["counties"]) and isinstance(listed, int) and isinstance(capacity, float):
            known = capacity and listed >= RULE.index_group
            load = round(listed // RULE.rounded_to * RULE.rounded_to / capacity, 2) if known else None
            rows.append((facts.names.unit(str(row["unit"])), load))
    caption = (
        "Riktvärdet är 1 100 invånare per specialist och 550 per ST-läkare på heltid; varken golv eller tak."
    )
    words = Words("listor", "Listade invånare mot riktvärdet för läkarna vid varje enhet")
    return _compared(words, rows, caption, _highest(rows, 1.2), (1, "riktvärdet"))


def health(facts: YearFacts) -> Iterator[Shown]:
    """Give the pictures about goals and endings."""
    yield _means(
        facts, GOALS_REACHED, Words("mal", "Andel av invånarens egna mål som nåtts när planen avslutas")
    )
    yield _asked(facts, ENDED_WITH_REASON)


def own_power(facts: YearFacts) -> Iterator[Shown]:
    """Give the pictures about the resident's own part."""
    yield _asked(facts, WHAT_MATTERS)
    yield _means(facts, ATTENDANCE, Words("narvaro", "Andel av de inbjudna som kom till mötet"))


def coherent(facts: YearFacts) -> Iterator[Shown]:
    """Give the pictures about contacts and continuity."""
    newest, places = facts.newest, facts.places
    held = [(_name(facts, one), newest.share(CONTACT_HELD, CONTACT_LACKED, DOCTOR, one)) for one in places]
    words = Words("lakare", "Invånare med fast läkarkontakt")
    yield _compared(
        words, held, "Det nationella målet gällde utgången av 2022.", 1, (0.55, "nationellt mål 55 %")
    )
    yield _followed(facts, Words("lakare-ar", "Fast läkarkontakt under året"), _doctor_lines(facts))
    yield _years_together(facts)
    yield _followed(facts, Words("coc-ar", "Kontinuitetsindex under året", index), _coc_lines(facts))
    yield from _funnel(facts)
    yield _professions(facts)
    yield _experienced(facts)
    staff = [(_name(facts, place), newest.mean(STAFF_MET, place)) for place in places]
    words = Words("personal", "Olika medarbetare i hemtjänsten på fjorton dagar, medel", one_decimal)
    yield _compared(words, staff, "Färre är bättre.", _highest(staff, 1))


def _followed(facts: YearFacts, words: Words, lines: list[Line]) -> Shown:
    if not any(_any(points) for _, points in lines):
        return Shown(words.title, "", NOTHING)
    months = len(facts.editions)
    known = "En månad" if months == 1 else f"{months} månader"
    caption = f"{known} av året är kända. Tjock linje: länet, som saknas när någon kommun har för få."
    return Shown(words.title, trend(words, lines), caption)


def _years_together(facts: YearFacts) -> Shown:
    bands = [(BANDS[band], _bands(facts, band)) for band in BAND_NAMES]
    words = Words("ar-ihop", "Invånare efter år med samma läkare", swedish)
    caption = (
        "I Norge går mer än femton år med samma läkare, jämfört med ett, ihop med färre besök på jourtid, "
        "färre akuta inläggningar och färre dödsfall (Sandvik m.fl. 2021). Vad som är orsak till vad vet "
        "man inte."
    )
    return Shown(
        words.title, distribution(words, bands) if _any(bands) else "", caption if _any(bands) else NOTHING
    )


def _experienced(facts: YearFacts) -> Shown:
    newest = facts.newest
    pairs: list[Pair] = [
        (_name(facts, one), newest.mean(COC_INDEX, one), newest.mean(REPORTED, one)) for one in facts.places
    ]
    words = Words("upplevd", "Uträknad och upplevd kontinuitet", index)
    caption = "De två mäter inte samma sak: att möta samma person, och att vara känd av den man möter."
    return Shown(words.title, paired(words, pairs, ("uträknad (COC)", "upplevd")), caption)


def _professions(facts: YearFacts) -> Shown:
    rows: list[Point] = [
        (f"{_name(facts, place)}, {word.lower()}", value)
        for profession, word in PROFESSIONS.items()
        for place in facts.places
        if (value := facts.newest.mean(COC_BY_PROFESSION, profession, place)) is not None
    ]
    words = Words("yrken", "Kontinuitetsindex för varje yrkesgrupp", index)
    return _compared(words, rows, "Yrken och kommuner med för få besökare är utelämnade.")


def _funnel(facts: YearFacts) -> Iterator[Shown]:
    newest = facts.newest
    units = sorted({cell.labels for cell in newest.states if _is_unit_here(cell, facts.county)})
    points = [
        (facts.names.unit(unit), persons, value)
        for unit, county in units
        if (value := newest.mean(COC_BY_UNIT, unit, county)) is not None
        and (persons := newest.persons(COC_BY_UNIT, unit, county))
    ]
    spread = newest.spread_of(COC_BY_UNIT, units)
    if points and spread:
        weight = sum(persons for _, persons, _ in points)
        expected = sum(value * persons for _, persons, value in points) / weight
        words = Words("tratt", "Kontinuitetsindex vid varje enhet, mot vad som kan väntas", index)
        caption = (
            "Ju färre personer, desto mer kan slumpen betyda: därför är gränserna vida till vänster. En "
            "enhet utanför den inre gränsen (orange) skiljer sig mer från länets medel än slumpen brukar "
            "ge en gång på tjugo."
        )
        yield Shown(words.title, funnel(words, points, expected, spread), caption)


def _is_unit_here(cell: Cell, county: str) -> bool:
    return cell.figure == COC_BY_UNIT.name and cell.labels[-1] == county


def equality(facts: YearFacts) -> Iterator[tuple[str, list[Shown]]]:
    """Give, for each way of grouping people, the same measures side by side."""
    for way, (heading, groups) in GROUPS.items():
        doctor = [
            (word, facts.newest.share(CONTACT_HELD, CONTACT_LACKED, DOCTOR, group, facts.county, way=way))
            for group, word in groups.items()
        ]
        coc = [
            (word, facts.newest.mean(COC_INDEX, group, facts.county, way=way))
            for group, word in groups.items()
        ]
        yield (
            heading,
            [
                _compared(
                    Words(f"lakare-{way}", f"Invånare med fast läkarkontakt, {heading.lower()}"), doctor
                ),
                _compared(Words(f"coc-{way}", f"Kontinuitetsindex, {heading.lower()}", index), coc),
            ],
        )


def _asked(facts: YearFacts, question: str) -> Shown:
    rows = [
        (_name(facts, place), facts.newest.share(SIP_YES, SIP_NO, question, place)) for place in facts.places
    ]
    return _compared(
        Words(question, QUESTIONS[question]), rows, "Andel av invånare med planer det senaste året."
    )


def _means(facts: YearFacts, figure: Figure, words: Words) -> Shown:
    rows = [(_name(facts, place), facts.newest.mean(figure, place)) for place in facts.places]
    return _compared(words, rows, "Medelvärde det senaste året.")


def _doctor_lines(facts: YearFacts) -> list[Line]:
    def whole(edition: Edition) -> float | None:
        return edition.share_of_all(CONTACT_HELD, CONTACT_LACKED, DOCTOR, facts.places)

    county: Line = ("Länet", [(one.month, whole(one)) for one in facts.editions])
    return [county] + [
        (
            _name(facts, place),
            [(one.month, one.share(CONTACT_HELD, CONTACT_LACKED, DOCTOR, place)) for one in facts.editions],
        )
        for place in facts.places
    ]


def _coc_lines(facts: YearFacts) -> list[Line]:
    county: Line = (
        "Länet",
        [(one.month, one.mean_of_all(COC_INDEX, facts.places)) for one in facts.editions],
    )
    return [county] + [
        (_name(facts, place), [(one.month, one.mean(COC_INDEX, place)) for one in facts.editions])
        for place in facts.places
    ]


def _bands(facts: YearFacts, band: str) -> float | None:
    """Add the municipalities that are shown; where none is, fewer than five are known of anywhere."""
    values = [facts.newest.value(Cell(CONTACT_BAND.name, (DOCTOR, band, place))) for place in facts.places]
    known = [float(value) for value in values if value is not None]
    return sum(known) if known else None


def _name(facts: YearFacts, place: str) -> str:
    return facts.names.municipality(place)


def _any(rows: Sequence[Point]) -> bool:
    return any(value is not None for _, value in rows)


def _highest(rows: Sequence[Point], least: float) -> float:
    """Give the end of a scale: a little above the highest value, and `least` at least."""
    return max(least, *(1.12 * value for _, value in rows if value is not None), 0)
