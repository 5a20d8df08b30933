"""The bytes under a seal: exact, stable, and every one of them counts."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from services.sip.domain.sealed_log import BEGINNING, canonical, leaf, next_seal, root_of

NOW = datetime(2026, 11, 22, 12, 0, 0, 123000, tzinfo=UTC)
ROW = {
    "_id": "not looked at",
    "unit": "SE-K-unit",
    "at": NOW,
    "keys": ["Goal/1"],
    "allowed": True,
    "person": None,
    "query": 'Goal?x=å\n"',
    "unsealed": True,
    "seal": 7,
}


def test_a_row_is_these_bytes_for_ever() -> None:
    assert (
        canonical("6abc", ROW)
        == (
            '{"allowed":true,"at":1795348800123,"id":"6abc","keys":["Goal/1"],"query":"Goal?x=å\\n\\"","unit":"SE-K-unit"}'
        ).encode()
    )


def test_the_tree_is_that_of_rfc_6962() -> None:
    a, b, c = (leaf(one) for one in (b"a", b"b", b"c"))
    assert root_of([]) == sha256().digest()
    assert root_of([a]) == a == sha256(b"\x00a").digest()
    ab = sha256(b"\x01" + a + b).digest()
    assert root_of([a, b, c]) == sha256(b"\x01" + ab + c).digest()


def test_a_seal_continues_the_one_before_it() -> None:
    first = next_seal(None, [leaf(b"a")], at=NOW, until=NOW)
    second = next_seal(first, [leaf(b"b")], at=NOW, until=NOW + timedelta(seconds=1))
    assert (first.number, first.previous) == (1, BEGINNING)
    assert (second.number, second.previous) == (2, first.link())
    assert second.content() == (
        b'{"at":1795348800123,"count":1,"number":2,"previous":"' + first.link().hex().encode() + b'","root":"'
        + leaf(b"b").hex().encode() + b'","until":1795348801123}'
    )  # fmt: skip


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40), st.data())
def test_no_leaf_can_be_changed_dropped_or_moved_under_the_same_root(
    leaves: list[bytes], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    root = root_of(leaves)
    assert root_of([*leaves[:place], bytes(32 * [7]), *leaves[place + 1 :]]) != root or leaves[
        place
    ] == bytes(32 * [7])
    assert root_of(leaves[:place] + leaves[place + 1 :]) != root
    moved = [*leaves[1:], leaves[0]]
    assert root_of(moved) != root or moved == leaves
