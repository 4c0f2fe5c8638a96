"""Reading what a course has to be built: its exercises, one folder each, and the images of its own."""

from __future__ import annotations

from tui.course.check_reading import read_checks
from tui.course.files import CourseFolder, FileRefused
from tui.course.model import PROGRAM_CONTEXT, CourseImage, Exercise, Form
from tui.course.problems import Problem, forbidden_sign
from tui.course.table import NAME, Table, parse

FOLDER = "exercises"
FILE = "exercise.toml"
STARTER, SOLUTION = "starter.Dockerfile", "solution.Dockerfile"
BLANK = "___"
MAX_EXERCISES = 60
HINTS = 3


def read_exercises(files: CourseFolder, problems: list[Problem]) -> dict[str, Exercise]:
    """The exercises of a course by name; what is wrong with them is noted."""
    if not files.is_folder(FOLDER):
        return {}
    try:
        names = files.names_in(FOLDER)
    except FileRefused as error:
        problems.append(Problem(files.shown(FOLDER), 1, 1, f"{FOLDER} {error}"))
        return {}
    if len(names) > MAX_EXERCISES:
        problems.append(Problem(files.shown(FOLDER), 1, 1, f"there can be {MAX_EXERCISES} exercises at most"))
        return {}
    found: dict[str, Exercise] = {}
    for name in names:
        if not NAME.fullmatch(name):
            message = "an exercise's folder is named in small letters, digits, dots and dashes"
            problems.append(Problem(files.shown(FOLDER), 1, 1, message))
        elif (exercise := _exercise(name, files, problems)) is not None:
            found[name] = exercise
    return found


def _exercise(name: str, files: CourseFolder, problems: list[Problem]) -> Exercise | None:
    folder = f"{FOLDER}/{name}"
    try:
        source = files.read(f"{folder}/{FILE}")
    except FileRefused as error:
        problems.append(Problem(files.shown(f"{folder}/{FILE}"), 1, 1, f"{FILE} {error}"))
        return None
    table = parse(source, problems)
    title = table.text("title", most=60)
    form = table.word("form", Form)
    context = _context(table, files)
    starter = _dockerfile(table, files, f"{folder}/{STARTER}", may_be_empty=form is Form.EMPTY)
    solution = _dockerfile(table, files, f"{folder}/{SOLUTION}", may_be_empty=False)
    _compare(table, form, starter, solution)
    checks = read_checks(table)
    if not checks:
        table.complain("an exercise needs at least one [[check]]")
    hints = table.texts("hints", least=HINTS, most=HINTS) or ("", "", "")
    exercise = Exercise(
        name, title, context, starter, solution, checks, (hints[0], hints[1], hints[2]), form, table.flag("golf")
    )
    table.finish()
    return exercise


def _compare(table: Table, form: Form, starter: str, solution: str) -> None:
    if form is Form.BLANKS and BLANK not in starter:
        table.complain(f"{STARTER} has no {BLANK} to fill in, although form is {Form.BLANKS}", "form")
    if BLANK in solution:
        table.complain(f"{SOLUTION} still has a {BLANK}")
    if solution and starter.strip() == solution.strip():
        table.complain(f"{STARTER} and {SOLUTION} are the same")


def _dockerfile(table: Table, files: CourseFolder, name: str, *, may_be_empty: bool) -> str:
    try:
        text = files.read(name).text
    except FileRefused as error:
        table.complain(f"{name} {error}")
        return ""
    if forbidden_sign(text) is not None:
        table.complain(f"{name} has a control character")
        return ""
    if not text.strip() and not may_be_empty:
        table.complain(f"{name} is empty")
    return text


def read_image(table: Table, name: str, files: CourseFolder) -> CourseImage:
    """An image of a course's own, from its table in course.toml."""
    if not NAME.fullmatch(name):
        table.complain("an image's name is made of small letters, digits, dots and dashes")
    dockerfile = table.text("dockerfile", most=200)
    if dockerfile:
        try:
            files.read(dockerfile)
        except FileRefused as error:
            table.complain(f"{dockerfile} {error}", "dockerfile")
    title = table.text("title", most=60)
    image = CourseImage(name, title, dockerfile, _context(table, files), table.optional_text("target", most=60))
    table.finish()
    return image


def _context(table: Table, files: CourseFolder) -> str:
    """`goapp`, or a folder of the course."""
    name = table.optional_text("context", most=200) or PROGRAM_CONTEXT
    if name == PROGRAM_CONTEXT:
        return name
    try:
        is_folder = files.locate(name).is_dir()
        reason = "is no folder"
    except FileRefused as error:
        is_folder, reason = False, str(error)
    if not is_folder:
        table.complain(f"the context {name} {reason}", "context")
    return name
