"""The primitive types of FHIR R4: a JSON Schema for each, and words that say what it must be."""

from typing import Any, Final, NamedTuple


class Primitive(NamedTuple):
    """How a primitive is checked, and what to tell whoever got it wrong."""

    schema: dict[str, Any]
    words: str


# Years 0001-9999; each month has the days the calendar gives it, 29 February in leap years alone.
_YEAR: Final = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_LEAP_YEAR: Final = (
    "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"  # every fourth, but
)
_MONTH: Final = f"{_YEAR}-(?:0[1-9]|1[0-2])"
_DAY: Final = (
    f"(?:{_MONTH}-(?:0[1-9]|1[0-9]|2[0-8])"
    f"|{_YEAR}-(?:0[13-9]|1[0-2])-(?:29|30)"
    f"|{_YEAR}-(?:0[13578]|1[02])-31"
    f"|{_LEAP_YEAR}-02-29)"
)
_TIME: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_ZONE: Final = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
# R4: strings SHOULD NOT have control characters other than tab, line feed and carriage return; XML cannot.
_CONTROL: Final = r"\x00-\x08\x0b\x0c\x0e-\x1f"
_MOST: Final = 2**31 - 1


def _text(pattern: str, words: str) -> Primitive:
    return Primitive({"type": "string", "pattern": f"^(?:{pattern})$"}, words)


def _whole(least: int, words: str) -> Primitive:
    return Primitive({"type": "integer", "minimum": least, "maximum": _MOST}, words)


_STRING: Final = _text(
    rf"[^{_CONTROL}]*[^{_CONTROL}\s][^{_CONTROL}]*",
    "a text that is not blank and has no control characters",
)
_URI: Final = _text(rf"[^{_CONTROL}\s]+", "a URI, without spaces")

PRIMITIVES: Final[dict[str, Primitive]] = {
    "boolean": Primitive({"type": "boolean"}, "true or false"),
    "integer": _whole(-_MOST - 1, "a whole number of at most 32 bits"),
    "unsignedInt": _whole(0, f"a whole number from 0 to {_MOST}"),
    "positiveInt": _whole(1, f"a whole number from 1 to {_MOST}"),
    "decimal": Primitive({"type": "number"}, "a number"),
    "string": _STRING,
    "markdown": _STRING,
    "xhtml": _STRING,
    "uri": _URI,
    "canonical": _URI,
    "url": _text(rf"[A-Za-z][A-Za-z0-9+.-]*:[^{_CONTROL}\s]+|[A-Za-z0-9#./][^{_CONTROL}\s:]*", "a URL"),
    "oid": _text(r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+", "an OID such as urn:oid:1.2.752"),
    "uuid": _text(
        "urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "a UUID: urn:uuid: and lower-case digits"
    ),
    "id": _text(r"[A-Za-z0-9.-]{1,64}", "an id: 1 to 64 of A-Z, a-z, 0-9, '-' and '.'"),
    "code": _text(rf"[^{_CONTROL}\s]+(?: [^{_CONTROL}\s]+)*", "a code, without spaces at its ends"),
    "date": _text(f"{_YEAR}|{_MONTH}|{_DAY}", "a date of the calendar: YYYY, YYYY-MM or YYYY-MM-DD"),
    "dateTime": _text(
        f"{_YEAR}|{_MONTH}|{_DAY}(?:T{_TIME}{_ZONE})?",
        "a date of the calendar, or a date and time with seconds and zone: 2026-11-22T09:30:00+01:00",
    ),
    "instant": _text(
        f"{_DAY}T{_TIME}{_ZONE}", "a date and time with seconds and zone: 2026-11-22T09:30:00+01:00"
    ),
    "time": _text(_TIME, "a time of day with seconds, without zone: 09:30:00"),
    "base64Binary": _text(
        r"[ \t\r\n]*(?:[A-Za-z0-9+/]{4}[ \t\r\n]*)*"
        r"(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)[ \t\r\n]*",
        "base64, in groups of four characters",
    ),
    # The id of an element within its resource, which R4 leaves free but for spaces.
    "elementId": _text(rf"[^{_CONTROL}\s]+", "an id without spaces"),
    # Codes of lists too long to keep here; R4 binds them to BCP 13, BCP 47 and ISO 4217.
    "mime": _text(
        r"[A-Za-z0-9][\w!#$&^.+-]*/(?:\*|[A-Za-z0-9][\w!#$&^.+-]*)(?: ?; ?[^\s;]+)*",
        "a media type such as application/pdf (BCP 13)",
    ),
    "language": _text(
        r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*|[ixIX](?:-[A-Za-z0-9]{1,8})+",
        "a language tag such as sv or sv-SE (BCP 47)",
    ),
    "currency": _text("[A-Z]{3}", "a currency such as SEK (ISO 4217)"),
}
