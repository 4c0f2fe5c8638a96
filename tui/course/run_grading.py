"""Judging what a container did."""

from __future__ import annotations

from tui.course.checks import AnswersHttp, EchoesWebSocket, ExitsWith, Logs, RunCheck
from tui.course.facts import Ending, Facts, NoAnswer, Unknown
from tui.course.verdicts import Failed, Passed, Undecided, Verdict, judged

SHOWN = 60
EXIT_CODES = {
    126: "126 means that the file is there and may not be executed.",
    127: "127 means that it could not be started: the file is not there, or the loader that it asks for is not.",
    137: "137 means that it was killed: it did not end when it was told to, or it ran out of memory.",
}
SILENT = "It runs, and nobody answers: does the program listen on every address (:8080, not 127.0.0.1:8080)?"
RUNS_ON = "The program ran until it was stopped: is it the one that you meant to start?"


def grade_run(check: RunCheck, facts: Facts) -> Verdict:
    """Judge a check of a container."""
    match check:
        case AnswersHttp():
            return _http(check, facts)
        case EchoesWebSocket():
            return _echo(check, facts)
        case Logs():
            return _log(check, facts)
        case ExitsWith():
            return _exit(check, facts.ending)


def _http(check: AnswersHttp, facts: Facts) -> Verdict:
    answer = facts.http.get(check.path, Unknown("the container was not asked"))
    if isinstance(answer, Unknown):
        return Undecided(answer.why)
    if isinstance(answer, NoAnswer):
        return _unanswered(answer, check.wanted, facts)
    if answer.status != check.status:
        hint = f"It runs, and answers {answer.status}: is {check.path} the address that the program knows?"
        return Failed(f"{answer.status}", check.wanted, hint)
    hint = f"The status is right, the text is “{_short(answer.body)}”."
    return judged(check.contains in answer.body, f"{answer.status}, “{_short(answer.body)}”", check.wanted, hint)


def _echo(check: EchoesWebSocket, facts: Facts) -> Verdict:
    answer = facts.echoes.get((check.path, check.say), Unknown("nothing was said to it"))
    if isinstance(answer, Unknown):
        return Undecided(answer.why)
    if isinstance(answer, NoAnswer):
        return _unanswered(answer, check.wanted, facts)
    hint = "The socket opens, and sends something else: is this the program that you meant to build?"
    return judged(answer == check.say, f"“{_short(answer)}”", check.wanted, hint)


def _unanswered(answer: NoAnswer, wanted: str, facts: Facts) -> Verdict:
    ending = facts.ending
    return Failed(f"no answer: {answer.why}", wanted, ending.words if isinstance(ending, Ending) else SILENT)


def _log(check: Logs, facts: Facts) -> Verdict:
    log = facts.log
    if isinstance(log, Unknown):
        return Undecided(log.why)
    line = next((line for line in log.splitlines() if check.contains in line), None)
    if line is not None:
        return Passed(f"“{_short(line)}”")
    ending = facts.ending
    if not log.strip():
        hint = ending.words if isinstance(ending, Ending) else "The container printed nothing: did it start at all?"
        return Failed("an empty log", check.wanted, hint)
    last = log.strip().splitlines()[-1]
    return Failed(f"“{_short(last)}” last", check.wanted, f"The last line is “{_short(last)}”: does it say why?")


def _exit(check: ExitsWith, ending: Ending | Unknown | None) -> Verdict:
    if isinstance(ending, Unknown):
        return Undecided(ending.why)
    if ending is None:
        return Failed("it did not end by itself", check.wanted, RUNS_ON)
    if ending.code is None:
        return Failed("it never began", check.wanted, ending.words)
    hint = EXIT_CODES.get(ending.code, ending.words)
    return judged(ending.code == check.code, f"exit code {ending.code}", check.wanted, hint)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
