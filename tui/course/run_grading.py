"""Judging what a container did."""

from __future__ import annotations

from tui.course.checks import AnswersHttp, EchoesWebSocket, ExitsWith, Logs, RunCheck
from tui.course.facts import Facts, HttpAnswer, Unknown
from tui.course.verdicts import Failed, Passed, Undecided, Verdict, judged

SHOWN = 60
EXIT_CODES = {
    126: "126 means that the file is there and may not be executed.",
    127: "127 means that it could not be started: the file is not there, or the loader that it asks for is not.",
    137: "137 means that it was killed: it did not end when it was told to, or it ran out of memory.",
}


def grade_run(check: RunCheck, facts: Facts) -> Verdict:
    """Judge a check of a container."""
    match check:
        case AnswersHttp():
            return _http(check, facts.http.get(check.path, Unknown("the container was not asked")))
        case EchoesWebSocket():
            return _echo(check, facts.echoes.get((check.path, check.say), Unknown("nothing was said to it")))
        case Logs():
            return _log(check, facts.log)
        case ExitsWith():
            return _exit(check, facts)


def _http(check: AnswersHttp, answer: HttpAnswer | Unknown) -> Verdict:
    if isinstance(answer, Unknown):
        return Undecided(answer.why)
    if answer.status != check.status:
        hint = f"It runs, and answers {answer.status}: is {check.path} the address that the program knows?"
        return Failed(f"{answer.status}", check.wanted, hint)
    hint = f"The status is right, the text is “{_short(answer.body)}”."
    return judged(check.contains in answer.body, f"{answer.status}, “{_short(answer.body)}”", check.wanted, hint)


def _echo(check: EchoesWebSocket, answer: str | Unknown) -> Verdict:
    if isinstance(answer, Unknown):
        return Undecided(answer.why)
    hint = "The socket opens, and sends something else: is this the program that you meant to build?"
    return judged(answer == check.say, f"“{_short(answer)}”", check.wanted, hint)


def _log(check: Logs, log: str | Unknown) -> Verdict:
    if isinstance(log, Unknown):
        return Undecided(log.why)
    line = next((line for line in log.splitlines() if check.contains in line), None)
    if line is not None:
        return Passed(f"“{_short(line)}”")
    if not log.strip():
        return Failed("an empty log", check.wanted, "The container printed nothing: did it start at all?")
    last = log.strip().splitlines()[-1]
    return Failed(f"“{_short(last)}” last", check.wanted, f"The last line is “{_short(last)}”: does it say why?")


def _exit(check: ExitsWith, facts: Facts) -> Verdict:
    code = facts.exit_code
    if isinstance(code, Unknown):
        return Undecided(code.why)
    hint = EXIT_CODES.get(code, "The program itself ended so: its log says why.")
    return judged(code == check.code, f"exit code {code}", check.wanted, hint)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
