"""The continuity indices, against the published worked examples and the laws they must keep."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sip.domain.continuity.indices import coc, k_index, mmci, secon, upc

Index = Callable[[Sequence[str]], Fraction | None]
INDICES: list[Index] = [upc, coc, secon, mmci, k_index]
OF_A_PAIR: list[Index] = [coc, secon, k_index]
visits = st.lists(st.sampled_from("ABCDEFG"), min_size=2, max_size=40)


def of(index: Index, providers: Sequence[str]) -> Fraction:
    value = index(providers)
    assert value is not None
    return value


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ("AAABAC", [0.6667, 0.4000, 0.4000, 0.6078, 0.6000]),
        ("AAABBB", [0.5000, 0.4000, 0.8000, 0.8039, 0.8000]),
        ("ABABAB", [0.5000, 0.4000, 0.0000, 0.8039, 0.8000]),
        ("ABCD", [0.2500, 0.0, 0.0, 0.0323, 0.0]),
        ("AAAA", [1.0, 1.0, 1.0, 1.0, 1.0]),
    ],
)
def test_the_worked_examples_come_out(sequence: str, expected: list[float]) -> None:
    assert [round(float(of(index, sequence)), 4) for index in INDICES] == expected


@pytest.mark.parametrize("index", INDICES)
def test_without_visits_nothing_is_defined(index: Index) -> None:
    assert index([]) is None


@pytest.mark.parametrize("index", OF_A_PAIR)
def test_one_visit_says_nothing_about_continuity_and_is_not_zero(index: Index) -> None:
    assert index(["A"]) is None


@pytest.mark.parametrize("index", [upc, mmci])
def test_one_visit_is_a_whole_share(index: Index) -> None:
    assert index(["A"]) == 1


@given(providers=visits)
@pytest.mark.parametrize("index", INDICES)
def test_every_index_lies_between_nothing_and_all(index: Index, providers: list[str]) -> None:
    assert 0 <= of(index, providers) <= 1


@given(data=st.data(), providers=visits)
@pytest.mark.parametrize("index", [upc, coc, mmci, k_index])
def test_the_order_of_visits_does_not_matter(index: Index, data: st.DataObject, providers: list[str]) -> None:
    assert index(data.draw(st.permutations(providers))) == index(providers)


def test_the_order_of_visits_is_all_that_secon_looks_at() -> None:
    assert secon("AAABBB") != secon("ABABAB")


@given(providers=visits)
@pytest.mark.parametrize("index", INDICES)
def test_who_the_providers_are_does_not_matter(index: Index, providers: list[str]) -> None:
    renamed = [{"A": "G", "G": "A"}.get(one, one) for one in providers]

    assert index(renamed) == index(providers)


@given(providers=visits)
@pytest.mark.parametrize("index", INDICES)
def test_only_one_provider_throughout_is_full_continuity(index: Index, providers: list[str]) -> None:
    assert (of(index, providers) == 1) == (len(set(providers)) == 1)


@given(providers=visits)
def test_a_new_provider_at_every_visit_is_none(providers: list[str]) -> None:
    all_new = len(set(providers)) == len(providers)

    assert (of(coc, providers) == 0) == all_new
    assert (of(k_index, providers) == 0) == all_new


@given(providers=visits)
def test_a_further_visit_to_the_usual_provider_never_lowers_the_share(providers: list[str]) -> None:
    usual = max(set(providers), key=providers.count)

    assert of(upc, [*providers, usual]) >= of(upc, providers)
    assert of(coc, [*providers, usual]) >= of(coc, providers)


@given(providers=visits)
def test_repeated_pairs_cannot_outnumber_the_visits_beyond_the_first_to_each(providers: list[str]) -> None:
    assert of(secon, providers) <= of(k_index, providers)
