"""How figures are taken and printed: always beside what they are measured against, in one run, as medians."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report."""

    name: str
    value: str
    goal: str
    met: bool

    def __str__(self) -> str:
        return f"{'✓' if self.met else '✗'} {self.name:<46} {self.value:<44} goal {self.goal}"


def alternating(rounds: int, ours: Callable[[], float], theirs: Callable[[], float]) -> tuple[list[float], list[float]]:
    """Both once a round, now the one first and now the other: whatever the machine does befalls both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        pairs = [(ours, taken[0]), (theirs, taken[1])]
        for measure, values in pairs if number % 2 == 0 else reversed(pairs):
            values.append(measure())
    return taken


def ratio(name: str, taken: tuple[Sequence[float], Sequence[float]], goal: float) -> Figure:
    """Median of ours against median of theirs, in seconds."""
    ours, theirs = taken
    mine, other = median(ours), median(theirs)
    value = f"{mine / other:.3f}× ({mine:.3f} s against {other:.3f} s, n={len(ours)})"
    return Figure(name, value, f"≤ {goal}×", mine / other <= goal)


def floor(name: str, taken: tuple[Sequence[float], Sequence[float]]) -> Figure:
    """A ratio that no work of ours changes: a goal below it cannot be met."""
    measured = ratio(name, taken, float("inf"))
    return Figure(name, measured.value, "none: the floor", True)


def at_most(name: str, value: float, unit: str, goal: float) -> Figure:
    """A figure that has a ceiling."""
    return Figure(name, f"{value:.2f} {unit}", f"≤ {goal:g} {unit}", value <= goal)


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return quantiles(values, n=20, method="inclusive")[-1]
