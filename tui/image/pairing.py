"""Two sequences laid beside each other: which elements belong together when the order of both is kept."""

from __future__ import annotations

from collections.abc import Sequence


def best_pairs(worth: Sequence[Sequence[float]], passed_over: float = 0.0) -> list[tuple[int, int]]:
    """The pairs, in order, that are worth most together; of equal ones those nearest to the end.

    `worth[i][j]` is what the pair of left `i` and right `j` is worth, 0 where it is none. `passed_over` is what each
    left element costs that has no partner while a left or right one before it could have; what is left over at the
    beginning costs nothing.
    """
    lefts, rights = len(worth), len(worth[0]) if worth else 0
    best = [[0.0] * (rights + 1) for _ in range(lefts + 1)]
    for i in range(1, lefts + 1):
        for j in range(1, rights + 1):
            best[i][j] = max(_choices(best, worth, passed_over, i, j))
    pairs: list[tuple[int, int]] = []
    i, j = lefts, rights
    while i and j:
        together, without_left, _ = _choices(best, worth, passed_over, i, j)
        if together == best[i][j]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif without_left == best[i][j]:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _choices(
    best: Sequence[Sequence[float]], worth: Sequence[Sequence[float]], passed_over: float, i: int, j: int
) -> tuple[float, float, float]:
    """What the first `i` and `j` elements are worth: the last two paired, without the left one, without the right."""
    earned = worth[i - 1][j - 1]
    together = best[i - 1][j - 1] + earned if earned else float("-inf")
    return together, best[i - 1][j] - passed_over, best[i][j - 1]
