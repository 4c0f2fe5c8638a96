"""Which files a stage makes, as far as its Dockerfile tells: a guess, to be told as one."""

from __future__ import annotations

import posixpath
import re
import shlex
from difflib import get_close_matches
from pathlib import Path

from tui.engine.dockerfile import Dockerfile, Instruction, Stage

_OUTPUT = re.compile(r"(?:^|\s)-o[ =]?(\S+)")
_GO_BUILD = re.compile(r"\bgo build\b(?![^&;|]*\s-o)")
_GO_INSTALL = re.compile(r"\bgo install\b[^&;|]*?([\w.-]+)(?:@\S+)?(?=\s*(?:$|[&;|]))")
_MODULE = re.compile(r"^module\s+\"?([^\s\"]+)", re.MULTILINE)
_MAJOR = re.compile(r"v\d+")


def paths_made(dockerfile: Dockerfile, stage: Stage, context: Path | None) -> tuple[str, ...]:
    """Absolute paths, later ones first. Paths with variables in them are left out."""
    below = dockerfile.base_stage(stage)
    workdir, made = "/", list[str]()
    if below is not None:
        made += reversed(paths_made(dockerfile, below, context))
        workdir = _last_workdir(dockerfile, below)
    for instruction in dockerfile.instructions_of(stage):
        match instruction.keyword:
            case "WORKDIR":
                workdir = _joined(workdir, instruction.value)
            case "COPY" | "ADD":
                made += [_joined(workdir, path) for path in _copied(instruction, context)]
            case "RUN":
                made += [_joined(workdir, path) for path in _built(instruction.value, context)]
    return tuple(dict.fromkeys(path for path in reversed(made) if "$" not in path))


def alike(wanted: str, paths: tuple[str, ...]) -> list[str]:
    """Those that are much like the one that was wanted, or of the same name elsewhere; the best first."""
    name = posixpath.basename(wanted)
    same = [path for path in paths if posixpath.basename(path) == name]
    by_name = {posixpath.basename(path): path for path in reversed(paths)}
    close = [by_name[found] for found in get_close_matches(name, by_name, 3, 0.6)]
    nearby = get_close_matches(wanted, paths, 3, 0.7)
    # What a build made is likelier to be meant than what was copied in: those come first already.
    return list(dict.fromkeys([*same, *close, *nearby])) or _programs(paths)


def _programs(paths: tuple[str, ...]) -> list[str]:
    """Files without an extension: what go build makes."""
    return [path for path in paths if "." not in posixpath.basename(path) and posixpath.basename(path)]


def _last_workdir(dockerfile: Dockerfile, stage: Stage) -> str:
    below = dockerfile.base_stage(stage)
    workdir = _last_workdir(dockerfile, below) if below is not None else "/"
    for instruction in dockerfile.instructions_of(stage):
        if instruction.keyword == "WORKDIR":
            workdir = _joined(workdir, instruction.value)
    return workdir


def _joined(workdir: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(workdir, path))


def _copied(instruction: Instruction, context: Path | None) -> list[str]:
    """Where the files of a COPY land; whole folders and wildcards tell no names."""
    *sources, goal = instruction.arguments or ("",)
    files = [source for source in sources if _is_one_file(source, context)]
    if goal.endswith("/") or goal == "." or len(sources) > 1:
        return [f"{goal}/{posixpath.basename(source)}" for source in files]
    return [goal] if files else []


def _is_one_file(source: str, context: Path | None) -> bool:
    if any(sign in source for sign in "*?[") or posixpath.basename(source) in ("", ".", ".."):
        return False
    return context is None or not (context / source.lstrip("/")).is_dir()


def _built(command: str, context: Path | None) -> list[str]:
    found = [_unquoted(match[1]) for match in _OUTPUT.finditer(command)]
    if _GO_BUILD.search(command) and (program := _program_of(context)):
        found.append(program)
    return found + [f"/go/bin/{match[1]}" for match in _GO_INSTALL.finditer(command)]


def _unquoted(word: str) -> str:
    try:
        return "".join(shlex.split(word)[:1])
    except ValueError:
        return word


def _program_of(context: Path | None) -> str | None:
    """What `go build` calls the program of the module in the context: the last part of the module's path."""
    if context is None or not (file := context / "go.mod").is_file():
        return None
    try:
        module = _MODULE.search(file.read_text("utf-8", "replace"))
    except OSError:
        return None
    if module is None:
        return None
    *before, last = module[1].split("/")
    return before[-1] if before and _MAJOR.fullmatch(last) else last
