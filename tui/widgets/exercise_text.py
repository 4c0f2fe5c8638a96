"""What stands beside the editor of an exercise: what must hold, what was found, hints, opinions, the solution."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from tui.course.checks import Check
from tui.course.exercise_reading import BLANK
from tui.course.model import Exercise
from tui.course.verdicts import Failed, Passed, Verdict
from tui.session.second_opinion import Finding, Level

if TYPE_CHECKING:
    from tui.session.exercise_check import Attempt

DIM = "$foreground 60%"
LOG_LINES = 8
DIFF_LOOKS = {"+": "$success", "-": "$warning"}


def wanted_words(exercise: Exercise) -> Content:
    """What must hold, before anything was tried."""
    wanted = [Content(f"· {check.wanted}") for check in exercise.checks]
    return Content("\n").join([Content.styled("What must hold", "bold"), *wanted])


def failure_words(attempt: Attempt, text: str) -> Content:
    """Why there is no image to check, with the end of the log; the blanks that are left in the text come first."""
    log = attempt.record.log
    tail = [log.line(n) for n in range(max(log.first, log.end - LOG_LINES), log.end)] if attempt.record.failure else []
    left = [str(number) for number, line in enumerate(text.split("\n"), start=1) if BLANK in line]
    blanks = [Content.styled(f"A blank is left in line {' and '.join(left)}.", "bold")] if left else []
    # Whoever tries something has to expect that: it is no red failure.
    return Content("\n").join([*blanks, Content.styled(attempt.trouble, "$warning"), *map(Content, tail)])


def verdict_words(verdicts: Sequence[tuple[Check, Verdict]]) -> Content:
    """All verdicts, their sum first."""
    head = Content.styled(_sum([verdict for _, verdict in verdicts]), "bold")
    return Content("\n").join([head, *(_verdict(check, verdict) for check, verdict in verdicts)])


def hint_words(hints: Sequence[str]) -> Content:
    """The hints that were asked for."""
    return Content("\n").join([Content(f"Hint {n}: {hint}") for n, hint in enumerate(hints, start=1)])


def solution_words(own: str, solution: str) -> Content:
    """What the solution does otherwise."""
    lines = list(difflib.unified_diff(own.splitlines(), solution.splitlines(), "yours", "solution", lineterm=""))
    return Content("\n").join(
        [
            Content.styled("The solution, beside yours" if lines else "Yours is the solution.", "bold"),
            *(Content.styled(line, DIFF_LOOKS.get(line[:1], "")) for line in lines),
        ]
    )


def opinion_words(findings: Sequence[Finding], blind_spots: Sequence[str]) -> Content:
    """What hadolint found, and what it cannot see."""
    found = [_finding(finding) for finding in findings] or [Content("It has nothing against this file.")]
    return Content("\n").join(
        [
            Content.styled("A second opinion: hadolint", "bold"),
            *found,
            Content.styled("It reads the text and builds nothing. It does not see:", DIM),
            *(Content.styled(f"  · {spot}", DIM) for spot in blind_spots),
        ]
    )


def no_opinion_words(why: str) -> Content:
    """Why there is no second opinion."""
    return Content.assemble(("A second opinion: hadolint", "bold"), "\n", (why, "$warning"))


def _finding(finding: Finding) -> Content:
    style = "$warning" if finding.level in (Level.ERROR, Level.WARNING) else DIM
    theirs = "" if finding.is_ours else "   in its own words"
    head = Content.assemble((f"line {finding.line}", style), (f"   {finding.code} {finding.level}{theirs}", DIM))
    return Content.assemble(head, f"\n  {finding.words}")


def _sum(verdicts: Sequence[Verdict]) -> str:
    failed = sum(isinstance(verdict, Failed) for verdict in verdicts)
    passed = sum(isinstance(verdict, Passed) for verdict in verdicts)
    if failed:
        return f"{failed} of {len(verdicts)} do not hold yet"
    if passed == len(verdicts):
        return "Passed: all of it holds."
    return f"{passed} of {len(verdicts)} hold; the others are not checked here yet"


def _verdict(check: Check, verdict: Verdict) -> Content:
    match verdict:
        case Passed(found=found):
            return Content.assemble(("✓ ", "$success"), check.wanted, (f"  {found}", DIM))
        case Failed(found=found, hint=hint):
            return Content.assemble(("✗ ", "$warning"), check.wanted, f"\n  found: {found}\n  ", (hint, "italic"))
    return Content.assemble(("? ", DIM), check.wanted, (f"  {verdict.why}", DIM))
