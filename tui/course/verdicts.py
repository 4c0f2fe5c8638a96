"""What became of a check."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passed:
    """As it was wanted."""

    found: str
    """A few words: `11.4 MB`."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Not as it was wanted."""

    found: str
    wanted: str
    hint: str
    """A sentence or two, computed from the difference."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """What the check is about is not known."""

    why: str
    """The rest of a sentence: `no container was started`."""


Verdict = Passed | Failed | Undecided


def judged(is_passed: bool, found: str, wanted: str, hint: str) -> Verdict:
    """Passed or failed."""
    return Passed(found) if is_passed else Failed(found, wanted, hint)
