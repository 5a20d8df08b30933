"""Safe narrative: what R4 allows is taken; what acts, calls out or hides is refused, and a sanitiser agrees."""

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sip.domain.shape import shape_issues
from services.sip.domain.shape.narrative import ELEMENTS, XHTML, narrative_faults


def div(inner: str) -> str:
    return f'<div xmlns="{XHTML}">{inner}</div>'


GOOD = [
    "Text",
    "<p>Text med <b>fetstil</b>, <i>kursiv</i> &amp; tecken: &lt; &#229; &aring; &nbsp; &euro;</p>",
    '<table class="t" border="1"><tr><td colspan="2" style="color: red; width: 10%">x</td></tr></table>',
    '<a href="https://www.1177.se/?a=b">1177</a> <a href="mailto:a@b">a</a> <a href="#x" name="y">x</a>',
    '<a href="tel:1177">1177</a><a href="Patient/a">a</a>',
    '<img src="#picture" alt="x"/>',
    '<img src="data:image/png;base64,AAAA" alt="x" />',
    '<ul lang="sv" xml:lang="sv" dir="ltr"><li id="a" title="javascript:">x</li></ul><hr/><br/>',
    "<pre>a\n  b</pre><blockquote cite='https://x'>x</blockquote>",
]
BAD = {
    "<script>alert(1)</script>": "<script>",
    "x<SCRIPT>alert(1)</SCRIPT>": "<SCRIPT>",
    '<p onclick="alert(1)">x</p>': "onclick",
    '<p ONCLICK="alert(1)">x</p>': "ONCLICK",
    "<iframe src='https://x'>x</iframe>": "<iframe>",
    "<form action='https://x'><input/></form>": "<form>",
    "<ins>x</ins>": "<ins>",
    "<svg><a href='#'>x</a></svg>": "<svg>",
    "<style>p{}</style>x": "<style>",
    "<math>x</math>": "<math>",
    "<link rel='stylesheet' href='https://x'/>x": "<link>",
    '<a href="javascript:alert(1)">x</a>': "link of the kind",
    '<a href="JaVaScRiPt:alert(1)">x</a>': "link of the kind",
    '<a href="java&#10;script:alert(1)">x</a>': "link of the kind",
    '<a href=" &#1;javascript:alert(1)">x</a>': "invalid character|not well-formed|link of the kind|reference",
    '<a href="&#x00A0;javascript:alert(1)">x</a>': "link of the kind",
    '<a href="data:text/html,x">x</a>': "link of the kind",
    '<a href="vbscript:x">x</a>': "link of the kind",
    '<blockquote cite="javascript:x">x</blockquote>': "link of the kind",
    '<img src="https://tracker.example/x.png"/>': "picture from elsewhere",
    '<img src="//tracker.example/x.png"/>': "picture from elsewhere",
    '<img src="x.png"/>': "picture from elsewhere",
    '<img src="data:image/svg+xml;base64,AAAA"/>': "picture from elsewhere",
    '<img src="#a" srcset="https://x"/>': "srcset",
    '<p style="background: url(https://x)">x</p>': "style that loads",
    '<p style="background: u\\72l(https://x)">x</p>': "style that loads",
    '<p style="width: expression(alert(1))">x</p>': "style that loads",
    '<p style="position: fixed; top: 0">x</p>': "style that loads",
    "<!-- x -->text": "comment",
    "<![CDATA[<script>]]>": "CDATA",
    "<?php x ?>text": "processing instruction",
    "<p>x": "not well-formed",
    "<p>x</b>": "not well-formed",
    "a & b": "not well-formed",
    "&banana;": "not well-formed",
    "<p id=a>x</p>": "not well-formed",
    "": "says nothing",
    "  <p>&nbsp;\n</p> ": "says nothing",
    "<x:p xmlns:x='http://www.w3.org/1999/xhtml'>x</x:p>": "<x:p>",
    '<p xmlns="http://www.w3.org/2000/svg">x</p>': "xmlns",
}
WHOLE = [
    "Text",
    "<div>utan namnrymd</div>",
    f'<p xmlns="{XHTML}">x</p>',
    f"{div('x')}{div('y')}",
    f'<!DOCTYPE div [<!ENTITY a "aaaa">]>{div("&a;")}',
    f'<?xml version="1.0"?>{div("x")}',
    f'<DIV xmlns="{XHTML}">x</DIV>',
]


@pytest.mark.parametrize("inner", GOOD)
def test_what_r4_allows_in_a_narrative_is_taken(inner: str) -> None:
    assert narrative_faults(div(inner)) == []


@pytest.mark.parametrize("inner", BAD)
def test_what_acts_calls_out_or_hides_is_refused_and_named(inner: str) -> None:
    faults = " ".join(narrative_faults(div(inner)))

    assert any(part in faults for part in BAD[inner].split("|")), faults


@pytest.mark.parametrize("whole", WHOLE)
def test_a_narrative_is_one_div_of_xhtml(whole: str) -> None:
    assert narrative_faults(whole)


def test_entities_that_grow_are_refused_before_they_do() -> None:
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE div [<!ENTITY e0 "x">{levels}]>{div("&e9;")}'

    assert narrative_faults(bomb)


def test_a_fault_is_told_at_the_narrative_it_stands_in() -> None:
    inner = {
        "resourceType": "Patient",
        "id": "p",
        "text": {"status": "generated", "div": div("<ins>x</ins>")},
    }
    goal = {
        "resourceType": "Goal",
        "contained": [inner],
        "lifecycleStatus": "active",
        "description": {"text": "x"},
        "subject": {"reference": "#p"},
    }

    assert [(issue.code, issue.expression) for issue in shape_issues(goal)] == [
        ("invariant", "Goal.contained[0].text.div")
    ]


PIECES = st.sampled_from(
    [
        *GOOD,
        *BAD,
        "<p>",
        "</p>",
        "x",
        " ",
        "&lt;script&gt;",
        "<b",
        ">",
        '"',
        "'",
        "<a href=",
        "javascript:",
        "onload=",
        "/",
    ]
)


@settings(max_examples=500, deadline=None)
@given(inner=st.lists(PIECES, max_size=6).map("".join))
def test_a_sanitiser_takes_nothing_away_from_a_narrative_that_passes(inner: str) -> None:
    whole = div(inner)
    if narrative_faults(whole):
        return

    cleaned = nh3.clean(
        whole,
        tags=set(ELEMENTS),
        attributes={
            "*": {"class", "id", "title", "lang", "dir", "style", "border", "colspan", "name", "cite", "alt"}
        },
        url_schemes={"http", "https", "mailto", "tel", "data"},
        link_rel=None,
        strip_comments=True,
    )

    # Only the sanitiser's own bare list of attributes may differ, so text and elements are what is compared.
    assert nh3.clean(cleaned, tags=set()) == nh3.clean(whole, tags=set())
    for name in ELEMENTS:
        closed = whole.lower().count(f"<{name}>") + whole.lower().count(f"<{name} ")
        assert cleaned.count(f"<{name}>") + cleaned.count(f"<{name} ") >= closed - whole.count(f"<{name}/>")
