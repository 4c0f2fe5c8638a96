"""Golf: the smallest image that passes all checks counts, and each attempt is held against the best one."""

from __future__ import annotations

from tui import figures


def golf_words(best_before: int | None, size_bytes: int | None = None, *, passed: bool = False) -> str:
    """How an attempt compares with the best before it, in bytes; without an attempt, what there is to beat."""
    best = f"Your best: {figures.size(best_before)}." if best_before is not None else "No image has passed yet."
    if size_bytes is None:
        return best if best_before is not None else "Golf: the smallest image that passes all checks is kept."
    this = figures.size(size_bytes)
    if not passed:
        return f"This one weighs {this}, and counts once all checks pass. {best}"
    if best_before is None:
        return f"★ The first that passes: {this}. It is your best so far."
    if size_bytes < best_before:
        return f"★ A new best: {this}, {figures.size(best_before - size_bytes)} less than before."
    if size_bytes == best_before:
        return f"{this}: as small as your best, to the byte."
    more = figures.size(size_bytes - best_before)
    return f"This one weighs {this}, {more} more than your best of {figures.size(best_before)}."
