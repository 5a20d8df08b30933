"""The report as one page of HTML that needs nothing from anywhere."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from services.sip.measures.exact_figures import canonical
from services.sip.measures.yearly.facts import YearFacts
from services.sip.measures.yearly.in_short import key_figures
from services.sip.measures.yearly.sections import (
    Shown,
    coherent,
    equality,
    health,
    in_time,
    own_power,
)
from services.sip.measures.yearly.statements import (
    COHERENT,
    EQUAL_LEAD,
    HEALTH,
    IN_TIME,
    OWN_POWER,
    SOURCE,
)
from services.sip.measures.yearly.style import CSS
from services.sip.measures.yearly.words import DEFINITIONS, SMALL_NUMBERS

EQUAL: Final = ("lika", "På lika villkor")
DEFINED: Final = ("definitioner", "Så är måtten gjorda")


def report_page(facts: YearFacts) -> str:
    """Write the whole report."""
    title = f"Fasta kontakter och samordning {facts.year}"
    body = "".join(_body(facts, title))
    return (
        '<!DOCTYPE html>\n<html lang="sv"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} – {escape(facts.names.county)}</title><style>{CSS}</style></head>"
        f"<body>{body}</body></html>\n"
    )


def _body(facts: YearFacts, title: str) -> Iterator[str]:
    places = [facts.names.municipality(place) for place in facts.places]
    yield f'<header><p class="eyebrow">Årsrapport · {escape(facts.names.county)}</p><h1>{escape(title)}</h1>'
    listed = f" och {len(places)} kommuner: {_listed(places)}" if places else ""
    yield (
        f'<p class="lead">Hur invånarna har det med fasta kontakter, kontinuitet och samordnade planer i '
        f"{escape(facts.names.county)}{escape(listed)}. Läget är det som var känt {escape(facts.made)}.</p></header>"
    )
    statements = (IN_TIME, HEALTH, OWN_POWER, COHERENT)
    links = [("korthet", "I korthet"), *((one.id, one.heading) for one in statements), EQUAL, DEFINED]
    entries = "".join(f'<li><a href="#{id}">{escape(words)}</a></li>' for id, words in links)
    yield f'<nav aria-label="Innehåll"><ol>{entries}</ol></nav><main>'
    yield '<h2 id="korthet">I korthet</h2><ul class="keys">'
    for figure, words, against in key_figures(facts):
        yield f"<li><b>{escape(figure)}</b><span>{escape(words)}</span><small>{escape(against)}</small></li>"
    yield "</ul>"
    shown = (in_time(facts), health(facts), own_power(facts), coherent(facts))
    for statement, figures in zip(statements, shown, strict=True):
        yield f'<h2 class="page" id="{statement.id}">{escape(statement.heading)}</h2>'
        yield f'<p class="lead">{escape(statement.lead)}</p>'
        yield from _figures(figures)
    yield f'<h2 class="page" id="{EQUAL[0]}">{EQUAL[1]}</h2><p class="lead">{escape(EQUAL_LEAD)}</p>'
    for heading, figures_of_way in equality(facts):
        yield f"<h3>{escape(heading)}</h3>"
        yield from _figures(figures_of_way, "h4")
    yield from _definitions()
    yield f"</main><footer><p>{escape(SOURCE)}</p></footer>"


def _listed(places: list[str]) -> str:
    return places[0] if len(places) == 1 else f"{', '.join(places[:-1])} och {places[-1]}"


def _figures(shown: Iterable[Shown], heading: str = "h3") -> Iterator[str]:
    for one in shown:
        yield f"<{heading}>{escape(one.title)}</{heading}>"
        if one.picture:
            caption = f"<figcaption>{escape(one.words)}</figcaption>" if one.words else ""
            yield f"<figure>{one.picture}{caption}</figure>"
        else:
            yield f'<p class="none">{escape(one.words)}</p>'


def _definitions() -> Iterator[str]:
    yield f'<h2 class="page" id="{DEFINED[0]}">{DEFINED[1]}</h2><p>{escape(SMALL_NUMBERS)}</p><dl>'
    for name, text, measure in DEFINITIONS:
        yield f"<dt>{escape(name)}</dt><dd>{escape(text)} <code>{escape(canonical(measure))}</code></dd>"
    yield "</dl>"
