from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tui.image.pairing import best_pairs

WORTHS = st.tuples(st.integers(0, 4), st.integers(0, 4)).flatmap(
    lambda size: st.lists(
        st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.5]), min_size=size[1], max_size=size[1]),
        min_size=size[0],
        max_size=size[0],
    )
)


def test_of_equal_pairs_the_one_nearest_to_the_end_is_taken() -> None:
    assert best_pairs([[1.0], [1.0]]) == [(1, 0)]
    assert best_pairs([[1.0, 1.0]]) == [(0, 1)]


def test_a_pair_far_from_the_end_must_be_worth_what_it_passes_over() -> None:
    assert best_pairs([[1.2], [1.0]], passed_over=0.3) == [(1, 0)]
    assert best_pairs([[1.4], [1.0]], passed_over=0.3) == [(0, 0)]
    assert best_pairs([[0.0], [1.0], [0.0]], passed_over=0.3) == [(1, 0)]


@given(WORTHS)
def test_no_other_pairs_in_order_are_worth_more(worth: list[list[float]]) -> None:
    pairs = best_pairs(worth)
    assert all(worth[left][right] for left, right in pairs)
    assert pairs == sorted(pairs)
    assert len({left for left, _ in pairs}) == len({right for _, right in pairs}) == len(pairs)
    lefts, rights = range(len(worth)), range(len(worth[0]) if worth else 0)
    most = max(
        sum(worth[left][right] for left, right in zip(some, others, strict=True))
        for count in range(min(len(lefts), len(rights)) + 1)
        for some in combinations(lefts, count)
        for others in combinations(rights, count)
    )
    assert sum(worth[left][right] for left, right in pairs) == most
