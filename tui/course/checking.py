"""Checking a course for its author: all that the reader finds, and what a reader can live with but a learner cannot.

The static part: files alone. Whether starters fail and solutions pass is seen on an engine (session/course_trial.py).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tui.course.blocks import Block, Show
from tui.course.checks import AtLeastAsLarge, Check, RatioAtLeast
from tui.course.directives import halves, is_directive
from tui.course.files import CourseFolder, FileRefused
from tui.course.model import Course
from tui.course.pages import Piece, split_page
from tui.course.problems import Problem, Source, in_order
from tui.course.reader import COURSE_FILE, FENCE, read_as_far_as_possible
from tui.course.surroundings import Surroundings
from tui.course.widths import MOST_CODE_COLUMNS, MOST_PAGE_COLUMNS, cells, table_columns

ACTION_LINK = "action:"
MAX_LINE = 1_000
WEB = ("https://", "http://")

_CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_LINK = re.compile(r"!?\[[^\]\n]*\]\(\s*<?([^)\s>]*)>?[^)\n]*\)")
_TABLE_RULE = frozenset(" \t|:-")
"""What the line below a table's head is made of."""


def check_course(folder: Path, around: Surroundings | None = None) -> tuple[Problem, ...]:
    """All faults of a course, by file and line; empty where it is fit for learners."""
    course, problems = read_as_far_as_possible(folder, around)
    if course is None:
        return problems
    files = CourseFolder(folder)
    found = [*problems, *_course_problems(course, files), *_unknown_images(course, files, around)]
    for step in course.steps:
        source = files.read(step.file)
        found += _page_problems(source, files, around)
        found += _show_problems(step.blocks, source)
    return in_order(found)


def _course_problems(course: Course, files: CourseFolder) -> Iterator[Problem]:
    """What only the whole course shows: ways through it, and exercises that no step asks for."""
    source = files.read(COURSE_FILE)
    for track in course.tracks:
        steps = course.on_track(track.name)
        minutes = sum(step.minutes for step in steps)
        place = _place(source, rf"\[tracks\.{re.escape(track.name)}\]")
        if not steps:
            yield source.problem(f"no step is on the track {track.name}", *place)
        elif minutes > track.minutes:
            yield source.problem(
                f"the steps of the track {track.name} take {minutes} minutes, more than its {track.minutes}", *place
            )
    asked = [name for step in course.steps for name in step.exercises]
    for name in course.exercises:
        if name not in asked:
            yield source.problem(f"no step asks for the exercise {name}", *_place(source, r"order\s*="))
    for name in {name for name in asked if asked.count(name) > 1}:
        yield source.problem(f"two places ask for the exercise {name}", *_place(source, r"order\s*="))


def _unknown_images(course: Course, files: CourseFolder, around: Surroundings | None) -> Iterator[Problem]:
    """Checks that compare with an image that nobody can build."""
    if around is None:
        return
    known = around.images | frozenset(course.images) | frozenset(course.exercises)
    for exercise in course.exercises.values():
        for check in _comparing(exercise.checks):
            if check.than not in known:
                source = files.read(f"exercises/{exercise.name}/exercise.toml")
                place = _place(source, rf'than\s*=\s*"{re.escape(check.than)}"')
                yield source.problem(f"there is no image {check.than!r}", *place)


def _comparing(checks: tuple[Check, ...]) -> Iterator[RatioAtLeast | AtLeastAsLarge]:
    return (check for check in checks if isinstance(check, RatioAtLeast | AtLeastAsLarge))


def _place(source: Source, pattern: str) -> tuple[int, int]:
    match = re.search(rf"^\s*({pattern})", source.text, re.MULTILINE)
    return source.place(match.start(1)) if match else (1, 1)


def _page_problems(source: Source, files: CourseFolder, around: Surroundings | None) -> Iterator[Problem]:
    """Links that lead nowhere, and lines that do not fit, in prose, in code and in the texts of directives."""
    end = next((number for number, line in enumerate(source.lines[1:], 1) if line.rstrip() == FENCE), 0)
    for piece in split_page("\n".join(source.lines[end + 1 :]), end + 2):
        if is_directive(piece):
            _, markdown, line = halves(piece)
            yield from _markdown_problems(markdown, line, source, files, around)
        else:
            yield from _piece_problems(piece, source, files, around)


def _markdown_problems(
    text: str, line: int, source: Source, files: CourseFolder, around: Surroundings | None
) -> Iterator[Problem]:
    for piece in split_page(text, line):
        yield from _piece_problems(piece, source, files, around)


def _piece_problems(
    piece: Piece, source: Source, files: CourseFolder, around: Surroundings | None
) -> Iterator[Problem]:
    if piece.info is not None:
        yield from _wide_lines(piece.text.split("\n"), piece.line, source, "a line of code")
        return
    for number, line in enumerate(piece.text.split("\n")):
        if len(line) > MAX_LINE:
            yield source.problem(f"a line has {len(line)} signs: break it", piece.line + number, MAX_LINE)
            continue
        bare = _CODE_SPAN.sub(lambda span: " " * len(span.group()), line)
        for link in _LINK.finditer(bare):
            complaint = _link_complaint(link.group(1), files, around)
            if complaint:
                yield source.problem(complaint, piece.line + number, link.start(1) + 1)
    yield from _wide_tables(piece.text.split("\n"), piece.line, source)


def _link_complaint(target: str, files: CourseFolder, around: Surroundings | None) -> str | None:
    """What is wrong with where a link leads."""
    if target.startswith(ACTION_LINK):
        action = target.removeprefix(ACTION_LINK)
        if around is not None and action not in around.actions:
            return f"there is no action {action!r}"
        return None
    if target.startswith((*WEB, "#")):
        return None
    if ":" in target:
        return f"a link leads to an action, a file of the course or the web, not to {target!r}"
    try:
        files.locate(target.split("#")[0])
    except FileRefused as error:
        return f"{target or 'a link without a target'} {error}"
    return None


def _wide_lines(lines: Sequence[str], first: int, source: Source, what: str) -> Iterator[Problem]:
    for number, line in enumerate(lines):
        width = cells(line)
        if width > MOST_CODE_COLUMNS:
            message = f"{what} has {width} columns; {MOST_CODE_COLUMNS} fit into a terminal of 80"
            yield source.problem(message, first + number, MOST_CODE_COLUMNS + 1)


def _wide_tables(lines: Sequence[str], first: int, source: Source) -> Iterator[Problem]:
    for number, line in enumerate(lines):
        if number == 0 or not {"|", "-"} <= set(line) <= _TABLE_RULE:
            continue
        rows = [lines[number - 1], *itertools.takewhile(lambda row: "|" in row, lines[number + 1 :])]
        width = table_columns(rows)
        if width > MOST_PAGE_COLUMNS:
            message = f"this table needs {width} columns; {MOST_PAGE_COLUMNS} fit into a terminal of 80"
            yield source.problem(message, first + number - 1)


def _show_problems(blocks: Sequence[Block], source: Source) -> Iterator[Problem]:
    """Shown lines that do not fit, told at the directive that shows them."""
    for block in blocks:
        if isinstance(block, Show):
            for number, line in enumerate(block.text.split("\n")[block.first - 1 : block.last], block.first):
                if cells(line) > MOST_CODE_COLUMNS:
                    message = f"line {number} of {block.name} has {cells(line)} columns; {MOST_CODE_COLUMNS} fit"
                    yield source.problem(message, block.line)
