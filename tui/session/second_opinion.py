"""A second opinion on a Dockerfile: hadolint's findings in our own words, beside what no reader of the text can see."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tui import figures
from tui.course.facts import Facts, ProgramFact
from tui.course.problems import harmless

PROGRAM = "hadolint"
LIMIT_SECONDS = 10.0
HOW_TO_GET_IT = 'pip install "jettison[lint]" brings it; any hadolint on the path will do.'


class Level(StrEnum):
    """How much hadolint makes of a finding."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    STYLE = "style"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that hadolint has against a Dockerfile."""

    line: int
    code: str
    """`DL3006`"""
    level: Level
    words: str
    """In our words, or in hadolint's where we have none."""
    is_ours: bool


class NoOpinion(Exception):
    """There is none; the message says why, and what to do."""


def find_hadolint() -> Path | None:
    """The program that came with this Python, or else the one on the path."""
    beside = shutil.which(PROGRAM, path=str(Path(sys.executable).parent))
    found = beside or shutil.which(PROGRAM)
    return Path(found) if found else None


def second_opinion(text: str, program: Path | None = None, limit_seconds: float = LIMIT_SECONDS) -> tuple[Finding, ...]:
    """What hadolint finds in the text of a Dockerfile, by line. It blocks: call it from a thread. Raises NoOpinion."""
    chosen = program or find_hadolint()
    if chosen is None:
        raise NoOpinion(f"hadolint is not installed; it is optional. {HOW_TO_GET_IT}")
    command = [str(chosen), "--no-color", "--no-fail", "--format", "json", "-"]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=limit_seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise NoOpinion(f"hadolint was not done within {limit_seconds:.0f} s and was ended.") from error
    except OSError as error:
        raise NoOpinion(f"{chosen} does not start: {error.strerror}.") from error
    if done.returncode != 0:
        said = harmless(done.stderr.decode("utf-8", "replace").strip())[:300]
        raise NoOpinion(f"hadolint ended with code {done.returncode}: {said or 'it said nothing'}")
    return read_findings(done.stdout)


def read_findings(output: bytes) -> tuple[Finding, ...]:
    """The findings of hadolint's JSON, by line. Raises NoOpinion where it is none."""
    try:
        entries = json.loads(output)
        found = [_finding(entry) for entry in entries]
    except (ValueError, KeyError, TypeError) as error:
        raise NoOpinion("hadolint's answer cannot be read; is it another program of that name?") from error
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.code)))


def _finding(entry: Mapping[str, Any]) -> Finding:
    code = harmless(str(entry["code"]))
    ours = rules().get(code)
    words = ours if ours is not None else harmless(str(entry["message"]))
    return Finding(int(entry["line"]), code, Level(entry["level"]), words, ours is not None)


@lru_cache
def rules() -> Mapping[str, str]:
    """What we say to a rule of hadolint's, by its code."""
    data = tomllib.loads(files("tui.session").joinpath("second_opinion.toml").read_text("utf-8"))
    return {str(code): " ".join(str(words).split()) for code, words in data["rules"].items()}


def blind_spots(facts: Facts | None) -> Sequence[str]:
    """What hadolint cannot see, as it reads the text and builds nothing; with what is known of the last image."""
    size = facts.size_bytes if facts is not None else None
    if facts is None or not isinstance(size, int):
        return (
            "what the image weighs",
            "what a layer hides from the next one, and still holds",
            "whether the program asks for a loader that is not there",
        )
    return (f"what the image weighs: {figures.size(size)}", _buried(facts), _loader(facts))


def _buried(facts: Facts) -> str:
    what = "what a layer hides from the next one, and still holds"
    if not isinstance(facts.buried, Mapping):
        return what
    hidden = sum(facts.buried.values())
    return f"{what}: {figures.size(hidden) if hidden else 'nothing'}"


def _loader(facts: Facts) -> str:
    what = "whether the program asks for a loader"
    program = facts.program
    if not isinstance(program, ProgramFact):
        return what
    if not program.interpreter:
        return f"{what}: it does not"
    there = isinstance(facts.files, Mapping) and program.interpreter.lstrip("/") in facts.files
    return f"{what}: it asks for {program.interpreter}, which {'is' if there else 'is not'} in the image"
