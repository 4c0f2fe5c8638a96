"""The guesses of a course beside their measurements: as rows, for the ending, and as JSON or CSV to take along."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass

from tui.course.blocks import Predict
from tui.course.model import Course
from tui.course.plain import as_markdown_text
from tui.course.problems import harmless
from tui.course.progress import Guess, Progress
from tui.course.quantity import NUMERIC, Unit, say

FORMULA_SIGNS = ("=", "+", "-", "@", "\t")
"""A spreadsheet would take a cell that begins so for a formula, and carry it out."""
SPOT_ON = 1.05
"""Nobody would call a guess off that is no more than so many times off."""


@dataclass(frozen=True, slots=True)
class GuessRow:
    """One question to which a guess was made, or skipped."""

    step: str
    """The step's title."""
    id: str
    ask: str
    unit: str
    guess: float | None
    """In its unit; None where it was skipped."""
    measured: float | None
    """None where it was not measured yet."""
    source: str
    """Who measured."""
    guess_words: str
    measured_words: str
    off: float | None
    """How many times too large or too small the guess was, 1 or more, for numbers; else 1 for right and 0 for wrong."""


def guess_rows(course: Course, progress: Progress) -> tuple[GuessRow, ...]:
    """All guesses to questions that the course still asks, in its order."""
    asked = [(step.title, block) for step in course.steps for block in step.blocks if isinstance(block, Predict)]
    return tuple(
        _row(title, block, progress.guesses[block.id]) for title, block in asked if block.id in progress.guesses
    )


def _row(title: str, block: Predict, guess: Guess) -> GuessRow:
    unit = block.measure.unit
    # A question that is measured in another unit than it once was: the old guess says nothing of it.
    value = guess.value if guess.unit == unit else None
    return GuessRow(
        step=title,
        id=block.id,
        ask=block.ask,
        unit=unit,
        guess=value,
        measured=guess.measured,
        source=guess.source,
        guess_words="skipped" if value is None else say(value, unit, block.options),
        measured_words="not yet" if guess.measured is None else say(guess.measured, unit, block.options),
        off=None if value is None or guess.measured is None else how_far_off(value, guess.measured, unit),
    )


def how_far_off(guess: float, measured: float, unit: Unit) -> float | None:
    """`GuessRow.off` of a guess; None where a number cannot be compared with nothing."""
    if unit not in NUMERIC:
        return float(guess == measured)
    if guess == measured:
        return 1.0
    if guess <= 0 or measured <= 0:
        return None
    return max(guess / measured, measured / guess)


def rows_as_json(rows: tuple[GuessRow, ...]) -> str:
    """One JSON array, an object for each guess."""
    return json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False) + "\n"


def rows_as_csv(rows: tuple[GuessRow, ...]) -> str:
    """A table with a head, for spreadsheets."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("step", "question", "unit", "guess", "measured", "times off", "measured by"))
    for row in rows:
        off = "" if row.off is None else f"{row.off:.3g}"
        cells = (row.step, row.ask, row.unit, _number(row.guess), _number(row.measured), off, row.source)
        writer.writerow(map(_no_formula, cells))
    return file.getvalue()


def rows_as_markdown(rows: tuple[GuessRow, ...]) -> str:
    """A table for people; every text in it escaped."""
    cells = (
        (row.step, row.ask, row.guess_words, row.measured_words, off_words(row), row.source or "–") for row in rows
    )
    lines = ("| " + " | ".join(map(_cell, line)) + " |" for line in cells)
    head = "| Step | Question | Guess | Measured | | Measured by |\n| --- | --- | --: | --: | --- | --- |"
    return "\n".join((head, *lines)) + "\n"


def off_words(row: GuessRow) -> str:
    """How good a guess was: `1.5× off`, `spot on`, `right`, `wrong`; empty where that cannot be said."""
    if row.off is None:
        return ""
    if Unit(row.unit) not in NUMERIC:
        return "right" if row.off else "wrong"
    return "spot on" if row.off < SPOT_ON else f"{row.off:.0f}× off" if row.off >= 10 else f"{row.off:.1f}× off"


def _cell(text: str) -> str:
    return as_markdown_text(" ".join(harmless(text).split()))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) and not cell.lstrip("-").replace(".", "").isdigit() else cell
