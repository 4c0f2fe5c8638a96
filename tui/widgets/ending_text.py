"""The ending in words: exercises, and guesses beside their measurements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from tui.course.guess_ledger import GuessRow, off_words
from tui.course.summary import ExerciseRow, Summary
from tui.session import format
from tui.session.ending import Ending
from tui.widgets.lesson_page import line_content

DIM = "$foreground 60%"
BAR_CELLS = 24
GOOD = ("right", "spot on")


def headline(summary: Summary) -> Content:
    """Whether all of it is behind the learner, and how much is."""
    if summary.is_finished:
        first = ("You are through. From here on, you can do it alone.", "bold $success")
    else:
        first = ("This is what you have so far.", "bold")
    filled = round(BAR_CELLS * summary.share)
    skipped = f", {summary.skipped} skipped" if summary.skipped else ""
    left = f"   {summary.minutes_left} min left" if summary.minutes_left else ""
    return Content.assemble(
        first,
        "\n\n",
        ("━" * filled, "$accent"),
        ("━" * (BAR_CELLS - filled), "$foreground 20%"),
        f"  {summary.done} of {summary.steps} steps{skipped}",
        (left, DIM),
    )


def built_words(summary: Summary) -> Content:
    """How much smaller the image became; or that nothing was built yet."""
    built = summary.built
    if built is None:
        return Content.styled("The pair is not built yet: b builds both, and their sizes stand here.", DIM)
    source = (f"   {built.source}", DIM)
    return Content.assemble((f"{format.times(built.ratio)} smaller", "bold $stage-production"), source)


def rest(ending: Ending) -> Content:
    """Exercises, questions and guesses."""
    return Content("\n").join([*_exercises(ending), *_questions(ending.summary), *_guesses(ending)])


def _exercises(ending: Ending) -> Iterator[Content]:
    summary = ending.summary
    if not ending.exercises:
        return
    words = f"   {summary.passed} of {summary.exercises} passed, {summary.unaided} without the solution"
    yield Content.assemble(("Exercises", "bold"), (words, DIM))
    width = max(len(row.title) for row in ending.exercises)
    yield from (_exercise(row, width) for row in ending.exercises)
    yield Content()


def _exercise(row: ExerciseRow, width: int) -> Content:
    state = row.state
    sign = ("✓ ", "$success") if state.is_passed else ("· ", DIM)
    if state.is_passed:
        words = "on your own" if state.passed_unaided else "after the solution"
    elif state.attempts:
        words = f"tried {state.attempts}×"
    else:
        words = "not tried"
    if state.solution_seen and not (state.is_passed and not state.passed_unaided):
        words += ", solution seen"
    golf = f"   smallest: {format.size(state.best_bytes)}" if row.is_golf and state.best_bytes is not None else ""
    return Content.assemble(sign, row.title.ljust(width), (f"   {words}", DIM), (golf, "bold $stage-production"))


def _questions(summary: Summary) -> Iterator[Content]:
    if summary.questions:
        yield Content.assemble(("Questions", "bold"), (f"   {summary.right} of {summary.questions} right", DIM))
        yield Content()


def _guesses(ending: Ending) -> Iterator[Content]:
    summary = ending.summary
    if not summary.guesses:
        return
    skipped = f", {summary.guesses_skipped} skipped" if summary.guesses_skipped else ""
    words = f"   {summary.guessed} of {summary.guesses} made, {summary.close} close{skipped}"
    yield Content.assemble(("Guesses against measurements", "bold"), (words, DIM))
    if not ending.guesses:
        yield Content.styled("None yet. A guess is locked in on the page of its step.", DIM)
        return
    best = summary.best_guess
    if best is not None:
        yield Content.assemble(("★ Your best: ", "$success"), f"{best.guess_words} for {best.measured_words}")
    yield from _ledger(ending.guesses)


def _ledger(rows: Sequence[GuessRow]) -> Iterator[Content]:
    guesses = max(len(row.guess_words) for row in rows)
    measured = max(len(row.measured_words) for row in rows)
    for row in rows:
        off = off_words(row)
        yield line_content(row.ask)
        yield Content.assemble(
            ("  guess ", DIM),
            row.guess_words.rjust(guesses),
            ("   measured ", DIM),
            (row.measured_words.rjust(measured), "bold"),
            (f"   {off}", "$success" if off in GOOD else DIM),
        )
