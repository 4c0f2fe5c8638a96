"""The page of a step as the learner has it: what waits, what was guessed, what was measured. Markdown; pure.

A link to `action:block-3` does what the third block asks for.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.course.blocks import (
    Block,
    BuildImages,
    CheckImage,
    Choose,
    DoAction,
    DoExercise,
    Note,
    Only,
    Predict,
    Recall,
    Reveal,
    Show,
    StartContainer,
)
from tui.course.grading import grade_all
from tui.course.model import Step
from tui.course.plain import plain_markdown, shown_lines
from tui.course.progress import Guess, Mark
from tui.course.quantity import Unit, say
from tui.course.verdicts import Failed, Passed
from tui.session import format
from tui.session.actions import BY_ID
from tui.session.container_trial import Trial
from tui.session.coursework import Coursework
from tui.session.evidence import Evidence
from tui.session.grounds import grounds
from tui.session.logs import without_escapes
from tui.session.measuring import Remedy, Unmeasured
from tui.session.whereabouts import Holds, holds

BLOCK = "block-"
"""What the id of a block's action begins with."""
FOCUS = "focus="
"""What the info string of a fence begins with whose lines in focus are told, counted from 1: `focus=2,3`."""
KEY = "d"
ENDING = "ending"
SHOWN_CONTAINERS = 3
RECORDED = "A recorded build cannot tell: that takes an engine."


def page_of(step: Step, work: Coursework, evidence: Evidence) -> str:
    """The whole page."""
    return _Page(step, work, evidence).text()


def next_to_do(step: Step, work: Coursework, evidence: Evidence) -> int | None:
    """Number of the first block that waits for the learner, or for what would make it known; then of a closed text."""
    blocks = sorted(enumerate(step.blocks), key=lambda pair: _lateness(pair[1], evidence))
    for number, block in blocks:
        is_closed = isinstance(block, Reveal) and (step.id, number) not in work.revealed
        if is_closed or work.waits(step, number) or _is_unknown(step, block, work, evidence):
            return number
    return None


def _lateness(block: Block, evidence: Evidence) -> int:
    """What comes in the order of the page is 0, what comes after that is more."""
    match block:
        case CheckImage():
            # Looking inside for one of them must not give away what is still to be guessed.
            return 1
        case Reveal():
            return 2
        case DoExercise() if evidence.is_recorded:
            # Nobody can pass it there: it must not stand in the way of the rest.
            return 3
    return 0


def _is_unknown(step: Step, block: Block, work: Coursework, evidence: Evidence) -> bool:
    """Whether something can be measured or checked now, and was not yet."""
    match block:
        case Predict():
            if any(block in step.guesses_before(run) and work.waits(step, step.blocks.index(run)) for run in step.runs):
                return False
            value = evidence.measure(block)
            measured = work.progress.guesses[block.id].measured is not None
            return not measured and isinstance(value, Unmeasured) and value.remedy is not Remedy.NOTHING
        case CheckImage(image=image, checks=checks):
            return evidence.image(image) is not None and evidence.missing(image, checks) is not None
    return False


class _Page:
    def __init__(self, step: Step, work: Coursework, evidence: Evidence) -> None:
        self._step = step
        self._work = work
        self._evidence = evidence
        self._next = next_to_do(step, work, evidence)

    def text(self) -> str:
        parts = (self._block(number, block) for number, block in enumerate(self._step.blocks))
        return "\n\n".join(filter(None, (part.strip("\n") for part in (*parts, self._ending())))) + "\n"

    def _ending(self) -> str:
        """What comes after the last step, once it is done."""
        is_last = self._step is self._work.course.steps[-1]
        if not is_last or self._work.mark(self._step.id) is not Mark.DONE:
            return ""
        return _paragraphs("**That was the last step.**", f"[`E` See what you built](action:{ENDING})")

    def _block(self, number: int, block: Block) -> str:
        match block:
            case Show():
                return _shown(block)
            case DoAction() | BuildImages() | StartContainer():
                return self._run(number, block)
            case Predict():
                return self._predict(number, block)
            case Choose() | Recall():
                return self._choose(number, block)
            case CheckImage():
                return self._check(number, block)
            case DoExercise():
                return self._exercise(number, block)
            case Reveal():
                is_open = (self._step.id, number) in self._work.revealed
                head = self._link(number, f"{'▾' if is_open else '▸'} {block.title}")
                return _paragraphs(head, block.markdown if is_open else "")
            case Note():
                return _note(block) if self._work.shows_notes else ""
            case Only():
                return self._only(block)
        return plain_markdown((block,))

    def _only(self, block: Only) -> str:
        """A text for some engines alone: left out elsewhere, and labelled where nobody knows yet."""
        match holds(block, self._evidence.whereabouts):
            case Holds.YES:
                return block.markdown
            case Holds.NO:
                return ""
        return plain_markdown((block,))

    def _link(self, number: int, words: str) -> str:
        key = f"`{KEY}` " if number == self._next else ""
        return f"[{key}{words}](action:{BLOCK}{number})"

    def _run(self, number: int, run: DoAction | BuildImages | StartContainer) -> str:
        if self._work.first_guess_before(self._step, run) is not None:
            return _paragraphs(run.markdown, "*Guess first, or skip the guess: then this can be done.*")
        match run:
            case DoAction(action=action):
                title = BY_ID[action].title if action in BY_ID else action
                return _paragraphs(run.markdown, self._link(number, title))
            case BuildImages(images=images):
                return _paragraphs(run.markdown, self._link(number, f"Build {_and(images)}"), *map(self._built, images))
            case StartContainer(image=image):
                return _paragraphs(run.markdown, self._link(number, self._start_words(image)), *self._started(image))

    def _start_words(self, image: str) -> str:
        known = self._evidence.known(image)
        if known.record is None or known.record.image is None:
            return f"Build {image}, and start a container of it"
        return f"Start {'another' if known.trials else 'a'} container of {image}"

    def _started(self, image: str) -> list[str]:
        """The containers of an image, and what became of them."""
        built = self._evidence.image(image)
        if built is None:
            return []
        said = [self._built(image), f"```\n{self._evidence.run_command(image)}\n```"]
        if self._evidence.is_recorded:
            return [*said, "*A recorded build cannot be run: start it in a shell, where there is an engine.*"]
        return [*said, *map(_ran, self._evidence.known(image).trials[-SHOWN_CONTAINERS:])]

    def _built(self, image: str) -> str:
        built = self._evidence.image(image)
        return f"`{image}` is built: **{format.size(built.size_bytes)}**." if built is not None else ""

    def _predict(self, number: int, question: Predict) -> str:
        guess = self._work.progress.guesses.get(question.id)
        if guess is None:
            options = "\n".join(f"{count}. {option}" for count, option in enumerate(question.options, start=1))
            return _paragraphs(f"> **Your guess:** {question.ask}", options, self._link(number, "Guess"))
        value = self._evidence.measure(question)
        measured = guess.measured if isinstance(value, Unmeasured) else value
        head = f"> {question.ask}"
        words = " ".join(filter(None, (_guessed(guess, question), _measured(measured, question))))
        if measured is not None:
            return _paragraphs(head, words, question.markdown)
        assert isinstance(value, Unmeasured)
        return _paragraphs(head, f"{words} {self._how(number, value)}")

    def _how(self, number: int, missing: Unmeasured) -> str:
        """What makes a measure known; a link stands on a line of its own."""
        if missing.remedy is Remedy.NOTHING:
            return RECORDED if self._evidence.is_recorded else "It cannot be measured here."
        return "Not measured yet.\n\n" + self._link(number, f"{_to_do(missing)}, to measure it")

    def _choose(self, number: int, block: Choose | Recall) -> str:
        question = block.question if isinstance(block, Recall) else block
        ask = f"> **Do you remember?** {question.ask}" if isinstance(block, Recall) else f"> {question.ask}"
        answer = self._work.progress.answers.get(block.id)
        if answer is None:
            options = "\n".join(f"{count}. {option}" for count, option in enumerate(question.options, start=1))
            return _paragraphs(ask, options, self._link(number, "Answer"))
        right = question.options[question.answer - 1]
        said = question.options[answer.option - 1] if answer.option <= len(question.options) else "?"
        words = f"✓ **{right}**" if answer.is_right else f"✗ {said}. Right is: **{right}**"
        return _paragraphs(
            ask, words, question.markdown, self._link(number, "Answer again") if not answer.is_right else ""
        )

    def _check(self, number: int, block: CheckImage) -> str:
        facts = grounds(self._evidence, block.image, block.checks)
        if facts is None:
            wanted = "\n".join(f"- {check.wanted}" for check in block.checks)
            return _paragraphs(block.markdown, f"What must hold of `{block.image}`, once it is built:", wanted)
        lines = []
        for check, verdict in grade_all(block.checks, facts).verdicts:
            match verdict:
                case Passed(found=found):
                    lines.append(f"- ✓ {check.wanted}: {found}")
                case Failed(found=found, hint=hint):
                    lines.append(f"- ✗ {check.wanted}: {found}. {hint}")
                case _:
                    lines.append(f"- ? {check.wanted}: {verdict.why}")
        missing = self._evidence.missing(block.image, block.checks)
        link = self._link(number, f"{_to_do(missing)}, to check it") if missing is not None else ""
        return _paragraphs(block.markdown, f"What must hold of `{block.image}`:", "\n".join(lines), link)

    def _exercise(self, number: int, block: DoExercise) -> str:
        exercise = self._work.course.exercises[block.name]
        state = self._work.progress.exercises.get(block.name)
        passed = "✓ Passed. " if state is not None and state.is_passed else ""
        best = state.best_bytes if state is not None and exercise.is_golf else None
        golf = f"Your best: **{format.size(best)}**." if best is not None else ""
        link = self._link(number, f"Open “{exercise.title}”")
        return _paragraphs(f"**Your turn.** {passed}{golf}".strip(), block.markdown, link)


def _shown(block: Show) -> str:
    """A file, with the lines that matter told apart."""
    focus = ",".join(str(line - block.first + 1) for line in block.focus)
    return shown_lines(block, f"{FOCUS}{focus}" if focus else "")


def _ran(trial: Trial) -> str:
    """One container: what it was made of, how it ended, what it said last."""
    head = f"- container `{trial.container_id[:12]}`, of the image `{short_id(trial.image_id)}`: "
    if not trial.began:
        return f"- a container that never began. {trial.ending.words if trial.ending else ''}" + _lines(trial)
    end = f"ended with exit code **{trial.ending.code}**" if trial.ending is not None else "ran until it was stopped"
    return f"{head}{end}, and is removed" + _lines(trial)


def _lines(trial: Trial) -> str:
    said = "\n".join(f"  {without_escapes(line)}" for line in trial.last_lines)
    fence = "~~~~" if "~~~" in said else "~~~"
    return f"\n\n  {fence}text\n{said}\n  {fence}" if said else ""


def short_id(image_id: str) -> str:
    """`3b2c41d0aa7f`: as docker prints it."""
    return image_id.removeprefix("sha256:")[:12]


def _to_do(missing: Unmeasured) -> str:
    """What a remedy does, as one asks for it."""
    match missing.remedy:
        case Remedy.LOOK:
            return f"Look inside {missing.image}"
        case Remedy.REBUILD:
            return f"Build {missing.image} again" + (f" after an edit of {missing.file}" if missing.file else "")
        case Remedy.START:
            return f"Start a container of {missing.image}"
        case Remedy.WEIGH:
            return f"Weigh what {missing.image} left behind"
    return f"Build {missing.image}"


def _guessed(guess: Guess, question: Predict) -> str:
    if guess.value is None:
        return "You did not guess."
    return f"Your guess: **{say(guess.value, question.measure.unit, question.options)}**."


def _measured(value: float | None, question: Predict) -> str:
    if value is None:
        return ""
    words = say(value, question.measure.unit, question.options)
    return f"Measured: **{words}**." if question.measure.unit is not Unit.YES_NO else f"It is: **{words}**."


def _note(block: Note) -> str:
    """As a quotation, so that it is told apart from what the room reads."""
    lines = ("**For the presenter**", "", *block.markdown.strip("\n").split("\n"))
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
