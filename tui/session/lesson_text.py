"""The page of a step as the learner has it: what waits, what was guessed, what was measured. Markdown; pure.

A link to `action:block-3` does what the third block asks for. Whatever the app does not do yet is written as the docker
command that does it.
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
    StartContainer,
)
from tui.course.checks import AnswersHttp, EchoesWebSocket, ExitsWith, Logs, needs
from tui.course.grading import grade_all
from tui.course.model import Step
from tui.course.plain import plain_markdown
from tui.course.progress import Guess, Mark
from tui.course.quantity import Unit, say
from tui.course.verdicts import Failed, Passed
from tui.session import format
from tui.session.actions import BY_ID
from tui.session.coursework import Coursework
from tui.session.evidence import Evidence
from tui.session.grounds import grounds
from tui.session.measuring import Remedy, Unmeasured
from tui.session.whereabouts import Holds, holds

BLOCK = "block-"
"""What the id of a block's action begins with."""
KEY = "d"
ENDING = "ending"
RUN_CHECKS = (AnswersHttp, EchoesWebSocket, ExitsWith, Logs)
BY_HAND = "once it is built, see for yourself, in a shell:"


def page_of(step: Step, work: Coursework, evidence: Evidence) -> str:
    """The whole page."""
    return _Page(step, work, evidence).text()


class _Page:
    def __init__(self, step: Step, work: Coursework, evidence: Evidence) -> None:
        self._step = step
        self._work = work
        self._evidence = evidence
        self._next = work.next_waiting(step)

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
                command = f"```\n{self._evidence.run_command(image)}\n```"
                by_hand = (
                    "Start it in a shell of yours:" if self._evidence.image(image) else "Then, in a shell of yours:"
                )
                link = self._link(number, f"Build {image}")
                return _paragraphs(run.markdown, link, self._built(image), by_hand, command)

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
        words = f"{_guessed(guess, question)} {_measured(measured, question)}"
        if measured is not None:
            return _paragraphs(head, words, question.markdown)
        assert isinstance(value, Unmeasured)
        return _paragraphs(head, f"{words} {self._how(number, value)}")

    def _how(self, number: int, missing: Unmeasured) -> str:
        """What makes a measure known; a link stands on a line of its own."""
        match missing.remedy:
            case Remedy.BUILD:
                return "Not measured yet.\n\n" + self._link(number, f"Build {missing.image}, to measure it")
            case Remedy.LOOK:
                return "Not measured yet.\n\n" + self._link(number, f"Look inside {missing.image}, to measure it")
        return "This app does not measure that yet: see for yourself, in a shell."

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
        wants_look = needs(block.checks).inside and self._evidence.known(block.image).anatomy is None
        look = self._link(number, f"Look inside {block.image}") if wants_look else ""
        return _paragraphs(block.markdown, f"What must hold of `{block.image}`:", "\n".join(lines), look)

    def _exercise(self, number: int, block: DoExercise) -> str:
        exercise = self._work.course.exercises[block.name]
        state = self._work.progress.exercises.get(block.name)
        passed = "✓ Passed. " if state is not None and state.is_passed else ""
        best = state.best_bytes if state is not None and exercise.is_golf else None
        golf = f"Your best: **{format.size(best)}**." if best is not None else ""
        link = self._link(number, f"Open “{exercise.title}”")
        unchecked = sum(isinstance(check, RUN_CHECKS) for check in exercise.checks)
        hand = f"{unchecked} of its {len(exercise.checks)} checks need a run, which is not checked here yet: {BY_HAND}"
        command = f"```\n{self._evidence.run_command(block.name)}\n```"
        return _paragraphs(
            f"**Your turn.** {passed}{golf}".strip(), block.markdown, link, *((hand, command) if unchecked else ())
        )


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
