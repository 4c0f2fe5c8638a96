"""Reading a course from its folder: `course.toml`, the steps as Markdown files with TOML front matter, the exercises.

Front matter stands between two lines of `+++` on top of the file. lessons/AUTHORING.md tells authors of all of it.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import MappingProxyType

from tui.course.blocks import Block, Choose, Prose
from tui.course.directives import Scope, read_directive
from tui.course.exercise_reading import read_exercises, read_image
from tui.course.files import CourseFolder, FileRefused
from tui.course.model import Course, CourseImage, Exercise, Expect, Kind, Needs, Step, Track
from tui.course.outline import COURSE_FILE, FORMAT
from tui.course.pages import MAX_BLOCKS, split_page
from tui.course.problems import CourseError, Problem, Source, forbidden_sign, in_order
from tui.course.surroundings import Surroundings
from tui.course.table import NAME, Table, parse

__all__ = ["COURSE_FILE", "FORMAT", "CourseError", "read_as_far_as_possible", "read_course"]

FENCE = "+++"
MAX_STEPS, MAX_TRACKS, MAX_IMAGES = 100, 10, 50
STEP_FILE = re.compile(r"(?:(\d+)-)?([a-z0-9][a-z0-9-]{0,58})\.md")
"""`03-single-stage.md`"""


def read_course(folder: Path, around: Surroundings | None = None) -> Course:
    """The course in a folder. Raises CourseError, with every fault that a reader can find."""
    course, problems = read_as_far_as_possible(folder, around)
    if problems or course is None:
        raise CourseError(problems)
    return course


def read_as_far_as_possible(
    folder: Path, around: Surroundings | None = None
) -> tuple[Course | None, tuple[Problem, ...]]:
    """What can be made of a course, and all that is wrong with it. With problems, the course is for looking only."""
    problems: list[Problem] = []
    files = CourseFolder(folder)
    source = _source(files, COURSE_FILE, problems)
    if source is None:
        return None, tuple(problems)
    refuse_signs(source, problems)
    table = parse(source, problems)
    if not table.has("format", FORMAT):
        # Of another format nothing more can be said.
        return None, in_order(problems)
    title, authors = table.text("title", most=100), table.texts("authors", most=20)
    tracks = _tracks(table.table("tracks"))
    images = _images(table.table("images"), files)
    names = table.texts("order", least=1, most=MAX_STEPS)
    table.finish()
    exercises = read_exercises(files, problems)
    scope = _scope(files, around, images, exercises)
    steps = _steps(names, files, tracks, scope, table, problems)
    course = Course(
        title, steps, folder.resolve().name, authors, tracks, MappingProxyType(images), MappingProxyType(exercises)
    )
    return course, in_order(problems)


def _scope(
    files: CourseFolder,
    around: Surroundings | None,
    images: dict[str, CourseImage],
    exercises: dict[str, Exercise],
) -> Scope:
    """What directives may name: an exercise's image goes by its name too."""
    known = around.images if around is not None else frozenset[str]()
    return Scope(files, around, known | frozenset(images) | frozenset(exercises), frozenset(exercises))


def _tracks(table: Table) -> tuple[Track, ...]:
    if len(table.keys) > MAX_TRACKS:
        table.complain(f"there can be {MAX_TRACKS} tracks at most")
        return ()
    return tuple(_track(table.table(name), name) for name in table.keys)


def _track(table: Table, name: str) -> Track:
    if not NAME.fullmatch(name):
        table.complain("a track's name is made of small letters, digits, dots and dashes")
    track = Track(name, table.text("title", most=60), table.integer("minutes", 1, 24 * 60))
    table.finish()
    return track


def _images(table: Table, files: CourseFolder) -> dict[str, CourseImage]:
    if len(table.keys) > MAX_IMAGES:
        table.complain(f"there can be {MAX_IMAGES} images at most")
        return {}
    return {name: read_image(table.table(name), name, files) for name in table.keys}


def _steps(
    names: tuple[str, ...],
    files: CourseFolder,
    tracks: tuple[Track, ...],
    scope: Scope,
    table: Table,
    problems: list[Problem],
) -> tuple[Step, ...]:
    steps: dict[str, Step] = {}
    for name in names:
        match = STEP_FILE.fullmatch(name)
        if match is None:
            table.complain(f"the step {name!r} must be named like 03-single-stage.md, and lie in the folder", "order")
            continue
        try:
            source = files.read(name)
        except FileRefused as error:
            table.complain(f"the step {name} {error}", "order")
            continue
        step = _step(source, name, match.group(2), tracks, scope, problems)
        if step.id in steps:
            table.complain(f"two steps are called {step.id}", "order")
        steps.setdefault(step.id, step)
    return tuple(steps.values())


def _step(source: Source, name: str, id: str, tracks: tuple[Track, ...], scope: Scope, problems: list[Problem]) -> Step:
    refuse_signs(source, problems)
    head, body, body_line = _split(source, problems)
    matter = parse(source, problems, head, 2)
    around = scope.around
    step = Step(
        id=id,
        title=matter.text("title", most=60),
        minutes=matter.integer("minutes", 1, 60),
        blocks=_blocks(body, body_line, source, scope, problems),
        kind=matter.word("kind", Kind),
        tracks=_known_texts(matter, "tracks", frozenset(track.name for track in tracks)),
        needs=matter.word("needs", Needs, Needs.NONE),
        expect=matter.word("expect", Expect, Expect.PASS),
        subgoals=matter.texts("subgoals", most=9),
        tab=_known_text(matter, "tab", around.tabs if around else None),
        action=_known_text(matter, "action", around.actions if around else None),
        edition=_known_text(matter, "edition", around.editions if around else None),
        rows=matter.texts("rows", most=30),
        file=name,
    )
    matter.finish()
    return step


def _known_text(matter: Table, key: str, known: frozenset[str] | None) -> str | None:
    value = matter.optional_text(key, most=60)
    if value and known is not None and value not in known:
        matter.complain(f"{key} must be one of {', '.join(sorted(known))}", key)
    return value


def _known_texts(matter: Table, key: str, known: frozenset[str]) -> tuple[str, ...]:
    values = matter.texts(key, most=MAX_TRACKS)
    unknown = [value for value in values if value not in known]
    if unknown:
        matter.complain(f"{key} must be of those in course.toml: there is no {unknown[0]!r}", key)
    return values


def _split(source: Source, problems: list[Problem]) -> tuple[str, str, int]:
    """Front matter, Markdown, and the line on which the Markdown begins."""
    lines = source.lines
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if lines[0].rstrip() != FENCE or end is None:
        problems.append(source.problem(f"a step begins with front matter between two lines of {FENCE}"))
        return 'title = "?"\nminutes = 1\nkind = "run"', source.text, 1
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def _blocks(body: str, line: int, source: Source, scope: Scope, problems: list[Problem]) -> tuple[Block, ...]:
    pieces = split_page(body, line)
    if len(pieces) > MAX_BLOCKS:
        problems.append(source.problem(f"a step can have {MAX_BLOCKS} blocks at most, not {len(pieces)}", line))
        return ()
    blocks: list[Block] = []
    for piece in pieces:
        block = (
            Prose(piece.text.strip("\n"), piece.line)
            if piece.info is None
            else read_directive(piece, source, scope, problems)
        )
        if block is not None:
            blocks.append(block)
    # Questions can be recalled from the next step on.
    scope.questions.update({block.id: block for block in blocks if isinstance(block, Choose)})
    return tuple(blocks)


def refuse_signs(source: Source, problems: list[Problem]) -> None:
    """Complain of the first sign in a text that could steer a terminal."""
    position = forbidden_sign(source.text)
    if position is not None:
        message = f"has the control character U+{ord(source.text[position]):04X}"
        problems.append(source.problem(message, *source.place(position)))


def _source(files: CourseFolder, name: str, problems: list[Problem]) -> Source | None:
    try:
        return files.read(name)
    except FileRefused as error:
        problems.append(Problem(files.shown(name), 1, 1, f"{name} {error}"))
        return None
