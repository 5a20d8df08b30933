"""Safe narrative: XHTML of the elements FHIR R4 allows (txt-1, txt-2), and nothing that acts or calls out.

What a sanitiser would take away is refused instead, so that what was signed is what is stored and shown.
"""

import re
from html.entities import name2codepoint
from typing import Final
from xml.parsers import expat

XHTML: Final = "http://www.w3.org/1999/xhtml"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# HTML 4.0 chapters 7 to 11 (but not ins and del, 9.4) and 15, links and images.
ELEMENTS: Final = _names(
    "a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd dfn div dl dt em"
    " h1 h2 h3 h4 h5 h6 hr i img kbd li map ol p pre q samp small span strong sub sup table tbody td tfoot th"
    " thead tr tt ul var"
)
_EVERYWHERE: Final = _names(
    "abbr accesskey align axis char charoff class colspan dir headers id lang rowspan scope span style tabindex"
    " title valign width xml:lang"
)
_ATTRIBUTES: Final[dict[str, frozenset[str]]] = {
    "a": _names("charset coords href hreflang name rel rev shape type"),
    "area": _names("alt coords href nohref shape"),
    "blockquote": frozenset({"cite"}),
    "div": frozenset({"xmlns"}),
    "img": _names("alt border height ismap longdesc src usemap width"),
    "map": frozenset({"name"}),
    "pre": frozenset({"space", "xml:space"}),
    "q": frozenset({"cite"}),
    "table": _names("border cellpadding cellspacing frame rules summary width"),
    "td": frozenset({"nowrap"}),
    "th": frozenset({"nowrap"}),
}
_LINKS: Final = frozenset({"href", "cite", "longdesc", "usemap"})
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_BLANKS: Final = re.compile(r"[\x00-\x20\x7f-\xa0]")  # browsers skip some of them inside a scheme
_PICTURE: Final = re.compile(r"#\S+|data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_ACTIVE_STYLE: Final = re.compile(
    r"url\s*\(|expression|@|script|behaviou?r|binding|position|\\|/\*|<|&", re.IGNORECASE
)
_ENTITY: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_XML_ENTITIES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})


def narrative_faults(div: str) -> list[str]:
    """Say in words what is wrong with a Narrative.div, each fault once; empty when it is safe and allowed."""
    if "<!" in div or "<?" in div:  # before the parser: no document type means no entity that grows
        return ["The narrative holds a comment, CDATA, a document type or a processing instruction (txt-1)."]
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(_ENTITY.sub(_as_number, div) if "&" in div else div, True)
    except expat.ExpatError as error:
        return [
            *reader.faults,
            f"The narrative is not well-formed XHTML: {expat.ErrorString(error.code)} (txt-1).",
        ]
    if not reader.says_something:
        reader.faults["The narrative says nothing (txt-2)."] = None
    return list(reader.faults)


def _as_number(entity: re.Match[str]) -> str:
    """Write an entity of HTML as its number: XML knows but five by name."""
    name = entity[1]
    known = name not in _XML_ENTITIES and name in name2codepoint
    return f"&#{name2codepoint[name]};" if known else entity[0]


class _Reader:
    """Takes what the parser meets and keeps the faults, in order, each once."""

    def __init__(self) -> None:
        self.faults: dict[str, None] = {}
        self.says_something = False
        self._depth = 0

    def refuse(self, what: str) -> None:
        self.faults[f"The narrative holds {what}."] = None

    def text(self, text: str) -> None:
        if not self.says_something and not text.isspace():
            self.says_something = True

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth == 0 and (name != "div" or attributes.get("xmlns") != XHTML):
            self.faults[f'The narrative must be one <div xmlns="{XHTML}"> (txt-1).'] = None
        self._depth += 1
        if name not in ELEMENTS:
            self.refuse(f"the element <{name}> (txt-1)")
        if name == "img":
            self.says_something = True
        own = _ATTRIBUTES.get(name, frozenset())
        for attribute, value in attributes.items():
            if attribute not in _EVERYWHERE and attribute not in own:
                self.refuse(f"the attribute {attribute} on <{name}> (txt-1)")
            elif fault := _fault_of(attribute, value):
                self.refuse(fault)

    def end(self, _: str) -> None:
        self._depth -= 1


def _fault_of(attribute: str, value: str) -> str | None:
    """Say what an attribute does that a narrative must not: act, or tell a third party that it is read."""
    if attribute in _LINKS:
        scheme = _SCHEME.match(_BLANKS.sub("", value))
        if scheme and scheme[1].lower() not in _SCHEMES:
            return f"a link of the kind {scheme[1]}:"
    elif attribute == "src" and not _PICTURE.fullmatch(value.strip()):
        return "a picture from elsewhere; take it in as data:image/… or a contained resource (#id)"
    elif attribute == "style" and _ACTIVE_STYLE.search(value):
        return "a style that loads or covers something"
    elif attribute == "xmlns" and value != XHTML:
        return "another namespace than XHTML (txt-1)"
    return None
