"""Decimals kept to the digit."""

import json
from decimal import Decimal

import orjson
from hypothesis import given
from hypothesis import strategies as st

from services.sip.domain.exact_json import dumped, exact


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.text(st.characters(exclude_categories=["Cs"]))
        | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text("abåä", max_size=3), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_what_goes_in_comes_out_to_the_digit(tree: object) -> None:
    raw = json.dumps(tree, default=float).encode()
    written = dumped(exact(raw, orjson.loads(raw)))
    assert json.loads(written, parse_float=Decimal) == json.loads(raw, parse_float=Decimal)


def test_trailing_noughts_are_kept() -> None:
    raw = b'{"value": 1.10, "list": [2.00, -0.0, 1e2], "text": "1.10"}'
    assert dumped(exact(raw, orjson.loads(raw))) == b'{"value":1.10,"list":[2.00,-0.0,1e2],"text":"1.10"}'
