"""Judging a check by the facts: passed, failed with a hint that is computed from the difference, or not known.

Pure: the same facts give the same verdict, and nothing is looked at that is not in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui import figures
from tui.course.checks import (
    SAME_SHARE,
    Absent,
    AnswersHttp,
    AtLeastAsLarge,
    BuildCheck,
    CachedAfterEdit,
    Check,
    EchoesWebSocket,
    ExitsWith,
    HasStage,
    InsideCheck,
    LayersAtMost,
    Logs,
    NoRepeatedBytes,
    NotRoot,
    Present,
    RatioAtLeast,
    SizeAtMost,
    SizeOverBase,
    Starts,
    StaticProgram,
)
from tui.course.facts import Facts, Unknown
from tui.course.path_patterns import heaviest_folder, matching
from tui.course.run_grading import grade_run
from tui.course.verdicts import Failed, Passed, Undecided, Verdict, judged

ROOT_USERS = ("", "0", "root")


@dataclass(frozen=True, slots=True)
class Grade:
    """All verdicts of one attempt."""

    verdicts: tuple[tuple[Check, Verdict], ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(isinstance(verdict, Passed) for _, verdict in self.verdicts)

    @property
    def passed_count(self) -> int:
        """How many passed."""
        return sum(isinstance(verdict, Passed) for _, verdict in self.verdicts)


def grade_all(checks: Sequence[Check], facts: Facts) -> Grade:
    """Judge all checks of an exercise."""
    return Grade(tuple((check, grade(check, facts)) for check in checks))


def grade(check: Check, facts: Facts) -> Verdict:
    """Judge one check."""
    match check:
        case SizeAtMost() | SizeOverBase():
            return _size(check, facts)
        case RatioAtLeast() | AtLeastAsLarge():
            return _compared(check, facts)
        case CachedAfterEdit() | HasStage():
            return _build(check, facts)
        case AnswersHttp() | EchoesWebSocket() | Logs() | ExitsWith():
            return grade_run(check, facts)
        case _:
            return _inside(check, facts)


def _size(check: SizeAtMost | SizeOverBase, facts: Facts) -> Verdict:
    size = facts.size_bytes if isinstance(check, SizeAtMost) else facts.unpacked_bytes
    if isinstance(size, Unknown):
        return Undecided(size.why)
    if isinstance(check, SizeAtMost):
        most, sum_words = check.size_bytes, ""
    else:
        base, program = facts.base_bytes, facts.program
        if isinstance(base, Unknown):
            return Undecided(base.why)
        if isinstance(program, Unknown):
            return Undecided(program.why)
        if program is None:
            return Failed("no program where the image starts one", check.wanted, _NO_PROGRAM)
        most = base + round(check.factor * program.size_bytes)
        sum_words = f" (the base has {figures.size(base)}, the program {figures.size(program.size_bytes)})"
    found = figures.size(size) + sum_words
    if size <= most:
        return Passed(found)
    return Failed(found, check.wanted, f"It is {figures.size(size - most)} too large. {_heaviest(facts)}".rstrip())


def _heaviest(facts: Facts) -> str:
    """Where the most bytes of the image are, as far as that is known."""
    files = facts.files
    buried = 0 if isinstance(facts.buried, Unknown) else sum(facts.buried.values())
    if isinstance(files, Unknown) or not files:
        return ""
    folder, size = heaviest_folder(files)
    if buried > size:
        return (
            f"{figures.size(buried)} lie in layers below others, deleted but still carried: "
            "only a stage of its own leaves them behind."
        )
    return f"{figures.size(size)} of it lie in {folder}: does the program need that to run?"


def _compared(check: RatioAtLeast | AtLeastAsLarge, facts: Facts) -> Verdict:
    size, other = facts.size_bytes, facts.other_sizes.get(check.than)
    if isinstance(size, Unknown):
        return Undecided(size.why)
    if other is None:
        return Undecided(f"{check.than} has not been built yet")
    found = f"{figures.size(size)} against {figures.size(other)}"
    if isinstance(check, AtLeastAsLarge):
        return judged(
            size >= other * (1 - SAME_SHARE),
            found,
            check.wanted,
            f"It lost {figures.size(other - size)}: what else did you change?",
        )
    ratio = figures.ratio(other, size)
    if ratio is None:
        return Passed("an image of no bytes")
    hint = f"For {check.times:g} times it may weigh {figures.size(int(other / check.times))}. {_heaviest(facts)}"
    return judged(ratio >= check.times, f"{found}, {figures.times(ratio)}", check.wanted, hint.rstrip())


def _inside(check: InsideCheck, facts: Facts) -> Verdict:
    match check:
        case Absent():
            return _absent(check, facts)
        case Present():
            return _present(check, facts)
        case StaticProgram():
            return _static(check, facts)
        case NotRoot():
            return _user(check, facts)
        case LayersAtMost():
            return _layers(check, facts)
        case Starts():
            return _starts(check, facts)
        case NoRepeatedBytes():
            return _repeated(check, facts)


def _absent(check: Absent, facts: Facts) -> Verdict:
    seen, buried = facts.files, facts.buried
    if isinstance(seen, Unknown):
        return Undecided(seen.why)
    if check.in_layers and isinstance(buried, Unknown):
        return Undecided(buried.why)
    matches = matching(check.path, seen)
    if matches:
        hint = f"It weighs {figures.size(sum(matches.values()))}. Which COPY brings it in, and does it name one file?"
        return Failed(_named(matches), check.wanted, hint)
    hidden = matching(check.path, buried) if check.in_layers and not isinstance(buried, Unknown) else {}
    if hidden:
        hint = (
            "A later step deleted it, and the layer below still has it: whoever has the image can take it out. "
            "Keep it out of that layer, or out of the last stage."
        )
        return Failed(f"{_named(hidden)}, in a layer below", check.wanted, hint)
    return Passed("none")


def _present(check: Present, facts: Facts) -> Verdict:
    if isinstance(facts.files, Unknown):
        return Undecided(facts.files.why)
    matches = matching(check.path, facts.files)
    if matches:
        return Passed(_named(matches))
    name = check.path.rsplit("/", 1)[-1]
    elsewhere = [path for path in facts.files if path.rsplit("/", 1)[-1] == name]
    hint = (
        f"There is a /{min(elsewhere, key=len)}: compare the end of the COPY with it."
        if elsewhere
        else "Nothing of that name is in the image: which stage has it, and which COPY would bring it over?"
    )
    return Failed("none", check.wanted, hint)


_NO_PROGRAM = "Compare the path in CMD or ENTRYPOINT with the end of the COPY that brings the program."


def _static(check: StaticProgram, facts: Facts) -> Verdict:
    program = facts.program
    if isinstance(program, Unknown):
        return Undecided(program.why)
    if program is None:
        return Failed("no program where the image starts one", check.wanted, _NO_PROGRAM)
    if program.is_static:
        return Passed(f"{program.path} needs none")
    asks = program.interpreter or ", ".join(program.libraries) or "a library"
    there = not isinstance(facts.files, Unknown) and program.interpreter.lstrip("/") in facts.files
    tail = "The image has it, today." if there else "This image has none: the container ends before it begins."
    hint = f"It asks for {asks}. {tail} CGO_ENABLED=0 go build, without -buildmode, makes one that asks for none."
    return Failed(f"{program.path} asks for {asks}", check.wanted, hint)


def _user(check: NotRoot, facts: Facts) -> Verdict:
    user = facts.user
    if isinstance(user, Unknown):
        return Undecided(user.why)
    if user.split(":")[0] not in ROOT_USERS:
        return Passed(user)
    what = "User is empty, which means root" if not user else f"User is {user}"
    hint = (
        "Add a USER to the last stage, after what only root may do. "
        "Where users have no names, as in scratch, it takes a number."
    )
    return Failed(what, check.wanted, hint)


def _layers(check: LayersAtMost, facts: Facts) -> Verdict:
    count = facts.layers
    if isinstance(count, Unknown):
        return Undecided(count.why)
    hint = f"{count - check.count} too many. Each COPY, ADD and RUN of the last stage makes one; which can go together?"
    return judged(count <= check.count, f"{count} layers", check.wanted, hint)


def _starts(check: Starts, facts: Facts) -> Verdict:
    command = facts.command
    if isinstance(command, Unknown):
        return Undecided(command.why)
    through_shell = command[:2] == ("/bin/sh", "-c")
    hint = (
        'It goes through a shell, as it is written without brackets: CMD ["/main"] starts the program itself.'
        if through_shell
        else "ENTRYPOINT and CMD of the last stage, one behind the other, are what is started."
    )
    return judged(command == check.command, " ".join(command) or "nothing", check.wanted, hint)


def _repeated(check: NoRepeatedBytes, facts: Facts) -> Verdict:
    repeated = facts.repeated
    if isinstance(repeated, Unknown):
        return Undecided(repeated.why)
    total = sum(repeated.values())
    if total <= check.most_bytes:
        return Passed("none" if not total else figures.size(total))
    largest = max(repeated, key=lambda path: repeated[path])
    hint = (
        f"/{largest} is in two layers. A RUN chown or chmod writes the whole file again; "
        "COPY --chown and --chmod do it on the way in."
    )
    return Failed(f"{figures.size(total)} twice", check.wanted, hint)


def _build(check: BuildCheck, facts: Facts) -> Verdict:
    if isinstance(check, HasStage):
        if isinstance(facts.stages, Unknown):
            return Undecided(facts.stages.why)
        found = ", ".join(facts.stages) or "no stage has a name"
        return judged(
            check.stage in facts.stages, found, check.wanted, f"FROM … AS {check.stage} gives a stage its name."
        )
    steps = facts.rebuilds.get(check.file)
    if steps is None:
        return Undecided(f"no build came after an edit of {check.file}")
    meant = [step for step in steps if check.step in " ".join(step.instruction.split())]
    if not meant:
        return Failed(f"no step does {check.step}", check.wanted, f"Add a step that does {check.step}.")
    if all(step.is_cached for step in meant):
        return Passed(f"{meant[0].instruction}: cached")
    first = next(step for step in steps if not step.is_cached)
    hint = (
        f"The first step that ran again is “{first.instruction}”; all below it had to follow. "
        f"Copy what {check.step} needs first, and {check.file} after it."
    )
    return Failed(f"{check.step} ran again", check.wanted, hint)


def _named(matches: dict[str, int]) -> str:
    shown = min(matches, key=lambda path: (path.count("/"), path))
    more = f" and {len(matches) - 1} more" if len(matches) > 1 else ""
    return f"/{shown}{more}"
