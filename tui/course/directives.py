"""Reading directives: fenced blocks whose info string names what they are.

The body is TOML, then, where there is something to say, a line of `---` and Markdown. A note may be Markdown alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tui.course import quantity
from tui.course.blocks import (
    PLACES,
    Block,
    BuildImages,
    CheckImage,
    Choose,
    DoAction,
    DoExercise,
    Note,
    Only,
    Predict,
    Prose,
    Recall,
    Reveal,
    Run,
    Show,
    StartContainer,
    Where,
)
from tui.course.check_reading import read_checks
from tui.course.files import CourseFolder, FileRefused
from tui.course.measures import Measure, NoSuchMeasure, Purpose, parse_measure
from tui.course.model import PROGRAM_CONTEXT
from tui.course.pages import Piece
from tui.course.problems import Problem, Source
from tui.course.surroundings import Surroundings
from tui.course.table import Table, parse

DIVIDER = re.compile(r"^---[ ]*$", re.MULTILINE)
CODE_LANGUAGES = frozenset(
    ("bash", "console", "diff", "docker", "dockerfile", "go", "html", "json", "make", "sh", "text", "toml", "yaml")
)
"""Info strings of code that is only code."""
NOTE = "note"
UNKNOWN_LINES = 999_999


@dataclass(slots=True)
class Scope:
    """What a directive may refer to, beyond itself."""

    folder: CourseFolder
    around: Surroundings | None
    """None where nothing is known of the app: then names of the app's are taken as they are."""
    images: frozenset[str]
    """All images that can be named, of the app and of the course; empty where the app's are not known."""
    exercises: frozenset[str]
    questions: dict[str, Choose] = field(default_factory=dict)
    """Of the steps before, by id."""
    ids: set[str] = field(default_factory=set)
    """Ids that are taken."""


@dataclass(slots=True)
class Directive:
    """One fenced block while it is read."""

    table: Table
    markdown: str
    line: int
    """Of the opening fence."""
    scope: Scope

    def new_id(self) -> str:
        """The directive's own id; one that another has is complained of."""
        id = self.table.name("id")
        if id in self.scope.ids:
            self.table.complain(f"the id {id!r} is taken: every id is used once in a course", "id")
        if id:
            self.scope.ids.add(id)
        return id

    def image(self, name: str = "image") -> str:
        """An image that there is."""
        value = self.table.text(name, most=120)
        self.must_be_known(value, name)
        return value

    def must_be_known(self, image: str, key: str) -> None:
        """Complain of an image that nobody can build."""
        if image and self.scope.around is not None and image not in self.scope.images:
            self.table.complain(f"there is no image {image!r}; there are {', '.join(sorted(self.scope.images))}", key)

    def measure(self) -> Measure:
        """What is to be measured, its images known."""
        text = self.table.text("measure", most=300)
        try:
            measure = parse_measure(text)
        except NoSuchMeasure as error:
            if text:
                self.table.complain(str(error), "measure")
            return parse_measure("size:none")
        for image in measure.images:
            self.must_be_known(image, "measure")
        return measure


def read_directive(piece: Piece, source: Source, scope: Scope, problems: list[Problem]) -> Block | None:
    """The block that a fenced piece is; code stays prose. What is wrong with it is noted."""
    info = piece.info or ""
    line = piece.line - 1
    if not piece.is_closed:
        problems.append(source.problem("this fence is never closed", line))
    if not is_directive(piece):
        return Prose(_fenced(piece), line)
    words = info.split()
    reader = READERS.get(words[0])
    if reader is None:
        known = ", ".join(READERS)
        problems.append(source.problem(f"there is no directive {words[0][:40]!r}; there are {known}", line))
        return None
    if len(words) > 1:
        problems.append(source.problem(f"nothing may stand behind {words[0]}: its text belongs inside the fence", line))
    toml, markdown, _ = halves(piece)
    directive = Directive(parse(source, problems, toml, piece.line), markdown, line, scope)
    block = reader(directive)
    directive.table.finish()
    return block


def is_directive(piece: Piece) -> bool:
    """Whether a piece is meant as a directive, known or not; what is left is prose or code."""
    words = (piece.info or "").split()
    return bool(words) and words[0].lower() not in CODE_LANGUAGES


def halves(piece: Piece) -> tuple[str, str, int]:
    """TOML and Markdown of a directive, and the line of the file on which the Markdown begins."""
    if piece.info == NOTE:
        return "", piece.text, piece.line
    divider = DIVIDER.search(piece.text)
    if divider is None:
        return piece.text, "", piece.line
    line = piece.line + piece.text.count("\n", 0, divider.end()) + 1
    return piece.text[: divider.start()], piece.text[divider.end() + 1 :], line


def _fenced(piece: Piece) -> str:
    fence = "```"
    while fence in piece.text:
        fence += "`"
    return f"{fence}{piece.info}\n{piece.text}\n{fence}"


def _show(it: Directive) -> Block:
    name = it.table.text("file", most=200)
    text = _shown_text(it, name) if name else None
    # A file that cannot be read is told of already; its lines are not.
    count = UNKNOWN_LINES if text is None else len(text.rstrip("\n").split("\n"))
    lines = _numbers(it.table, "lines", count) or (1, count)
    return Show(name, text or "", _numbers(it.table, "focus", count), lines[0], lines[-1], it.markdown, it.line)


def _shown_text(it: Directive, name: str) -> str | None:
    folder = it.scope.folder
    if name.startswith(f"{PROGRAM_CONTEXT}/"):
        if it.scope.around is None:
            return None
        folder, name = CourseFolder(it.scope.around.program), name.removeprefix(f"{PROGRAM_CONTEXT}/")
    try:
        return folder.read(name).text
    except FileRefused as error:
        it.table.complain(f"{name} {error}", "file")
        return None


def _numbers(table: Table, key: str, count: int) -> tuple[int, ...]:
    """Line numbers, written `3`, `3-5` or `3, 7-9`; empty where the key is absent."""
    text = table.optional_text(key, most=100)
    if text is None:
        return ()
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,6})(?:\s*-\s*(\d{1,6}))?\s*", part, re.ASCII)
        first, last = (int(match.group(1)), int(match.group(2) or match.group(1))) if match else (0, 0)
        if not 1 <= first <= last <= count:
            table.complain(f"{key} must be lines from 1 to {count}, like 3 or 5-7", key)
            return ()
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def _run(it: Directive) -> Run:
    table = it.table
    if sum(key in table for key in ("action", "build", "start")) != 1:
        table.complain("run needs one of action, build, start")
    if "build" in table:
        images = table.texts("build", least=1, most=10)
        for image in images:
            it.must_be_known(image, "build")
        return BuildImages(images, table.flag("no-cache"), it.markdown, it.line)
    if "start" in table:
        return StartContainer(it.image("start"), it.markdown, it.line)
    action = table.optional_text("action", most=60) or ""
    around = it.scope.around
    if action and around is not None and action not in around.actions:
        table.complain(f"there is no action {action!r}; there are {', '.join(sorted(around.actions))}", "action")
    return DoAction(action, it.markdown, it.line)


def _predict(it: Directive) -> Block:
    table = it.table
    measure = it.measure()
    least: float | None = None
    most: float | None = None
    options: tuple[str, ...] = ()
    if measure.unit in quantity.NUMERIC:
        least, most = table.quantities("between", measure.unit)
    elif measure.unit is quantity.Unit.WHICH:
        options = table.texts("options", least=2, most=9)
        _must_name(table, measure, options)
    return Predict(it.new_id(), table.text("ask"), measure, least, most, options, it.markdown, it.line)


def _must_name(table: Table, measure: Measure, options: tuple[str, ...]) -> None:
    """Complain of options that a measurement cannot choose from."""
    wanted = measure.images if len(measure.images) > 1 else tuple(Purpose)
    strange = [option for option in options if option not in wanted]
    if strange:
        table.complain(f"options must be of {', '.join(wanted)}: there is no {strange[0][:60]!r}", "options")


def _choose(it: Directive) -> Block:
    table = it.table
    options = table.texts("options", least=2, most=9)
    answer = table.integer("answer", 1, max(1, len(options)))
    return Choose(it.new_id(), table.text("ask"), options, answer, it.markdown, it.line)


def _recall(it: Directive) -> Block | None:
    id = it.table.name("question")
    question = it.scope.questions.get(id)
    if question is None:
        if id:
            it.table.complain(f"no step before this one asks {id!r}", "question")
        return None
    if f"recall.{id}" in it.scope.ids:
        it.table.complain(f"{id!r} is recalled already", "question")
    it.scope.ids.add(f"recall.{id}")
    return Recall(replace(question), it.line)


def _check(it: Directive) -> Block:
    checks = read_checks(it.table)
    if not checks:
        it.table.complain("check needs at least one [[check]]")
    return CheckImage(it.new_id(), it.image(), checks, it.markdown, it.line)


def _exercise(it: Directive) -> Block:
    name = it.table.name("name")
    if name and name not in it.scope.exercises:
        it.table.complain(f"there is no exercise {name!r}: its folder would be exercises/{name}", "name")
    return DoExercise(name, it.markdown, it.line)


def _reveal(it: Directive) -> Block:
    if not it.markdown.strip():
        it.table.complain("reveal needs a text below a line of ---")
    return Reveal(it.table.text("title", most=100), it.markdown, it.line)


def _note(it: Directive) -> Block:
    return Note(it.markdown, it.line)


def _only(it: Directive) -> Block:
    conditions: list[tuple[Where, str]] = []
    for where, values in PLACES.items():
        value = it.table.optional_text(where)
        if value is None:
            continue
        if value not in values:
            it.table.complain(f"{where} must be one of {', '.join(values)}", where)
        conditions.append((where, value))
    if not conditions:
        it.table.complain(f"only needs one of {', '.join(Where)}")
    if not it.markdown.strip():
        it.table.complain("only needs a text below a line of ---")
    return Only(tuple(conditions), it.markdown, it.line)


READERS: dict[str, Callable[[Directive], Block | None]] = {
    "show": _show,
    "run": _run,
    "predict": _predict,
    "choose": _choose,
    "recall": _recall,
    "check": _check,
    "exercise": _exercise,
    "reveal": _reveal,
    NOTE: _note,
    "only": _only,
}
"""Every directive, by its name."""
