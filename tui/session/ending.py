"""What a learner has at the end of a course, or so far: figures, exercises, guesses, and all of it as files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tui.course.blocks import Predict
from tui.course.certificate import certificate_markdown, certificate_svg
from tui.course.guess_ledger import GuessRow, guess_rows, rows_as_csv, rows_as_markdown
from tui.course.model import Course
from tui.course.progress import Guess, Progress
from tui.course.summary import Built, ExerciseRow, Summary, exercise_rows, summarise
from tui.session.coursework import Coursework
from tui.session.evidence import Evidence

LARGER, SMALLER = "simple", "multistage"
"""The tutorial's pair."""


@dataclass(frozen=True, slots=True)
class Ending:
    """All that is shown and taken along."""

    summary: Summary
    exercises: tuple[ExerciseRow, ...]
    guesses: tuple[GuessRow, ...]


def ending_of(work: Coursework, evidence: Evidence) -> Ending:
    """As of now."""
    course, progress = work.course, work.progress
    built = built_now(evidence) or built_before(course, progress)
    return Ending(summarise(course, progress, built), exercise_rows(course, progress), guess_rows(course, progress))


def built_now(evidence: Evidence) -> Built | None:
    """The pair, where both were built in this session."""
    larger, smaller = evidence.image(LARGER), evidence.image(SMALLER)
    if larger is None or smaller is None:
        return None
    return Built(larger.size_bytes, smaller.size_bytes, evidence.source)


def built_before(course: Course, progress: Progress) -> Built | None:
    """The pair as an earlier session measured it: one's size, and how many times the other is smaller."""
    measured: dict[str, Guess] = {}
    for step in course.steps:
        for block in step.blocks:
            if isinstance(block, Predict) and block.id in progress.guesses:
                measured[str(block.measure)] = progress.guesses[block.id]
    size, ratio = measured.get(f"size:{LARGER}"), measured.get(f"ratio:{LARGER}:{SMALLER}")
    if size is None or ratio is None or size.source != ratio.source or not size.measured or not ratio.measured:
        return None
    return Built(round(size.measured), round(size.measured / ratio.measured), size.source)


def files_of(ending: Ending, name: str, day: date) -> Mapping[str, str]:
    """What is taken along, by the name of its file; the guesses only where there are any."""
    files = {
        "certificate.svg": certificate_svg(ending.summary, name, day),
        "certificate.md": certificate_markdown(ending.summary, name, day),
    }
    if ending.guesses:
        files |= {"guesses.csv": rows_as_csv(ending.guesses), "guesses.md": rows_as_markdown(ending.guesses)}
    return files


def in_the_way(folder: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Files of these names that the folder has already."""
    return tuple(name for name in names if (folder / name).exists())


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write them; the folder is made where it is missing, in a folder that is there. Raises OSError."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
