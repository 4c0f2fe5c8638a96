"""Failures of COPY and ADD: a file that is not where it is looked for, or a URL that cannot be had."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui.engine.cause import Cause
from tui.engine.dockerfile import Instruction, Stage
from tui.engine.events import FailureKind
from tui.engine.failure.context_files import diagnose_missing
from tui.engine.failure.model import Diagnosis, FailedBuild
from tui.engine.failure.stage_paths import alike, paths_made
from tui.engine.registry.pull_causes import pull_cause, why_unreachable
from tui.engine.request import Builder

_URL = re.compile(r"https?://\S+")
_STATUS = re.compile(r"(?:with status|response status) (\d{3}(?: [A-Z][\w ]+)?)")
_MISSING = (
    re.compile(r'"([^"]+)": not found'),
    re.compile(r'"([^"]+)" not found'),
    re.compile(r"stat (.+?): (?:file does not exist|no such file or directory)$"),
    re.compile(r"forbidden path outside the build context: (\S+)"),
)
_ENGINE_FOLDER = re.compile(r"^/\S*/(?:buildkit-mount\d+|overlay2/[0-9a-f]+/merged)/")
"""Where old engines mount a stage; they print a path in it, up to the first part that is missing."""
_NOT_THERE = re.compile(
    r"not found|does not exist|no such file or directory|no source files|forbidden path outside", re.IGNORECASE
)
_NO_IMAGE = "invalid from flag value"
"""The classic builder's words for what --from names being no stage, and no image that can be had."""
_HEREDOC = re.compile(r"^<<-?")
_MOST_ALIKE = 3


def diagnose_copy(failed: FailedBuild) -> Diagnosis | None:
    """The diagnosis of a COPY or ADD; None where something else failed."""
    instruction = failed.instruction
    if instruction is None or instruction.keyword not in ("COPY", "ADD"):
        return None
    if instruction.keyword == "ADD" and (url := _url_of(failed, instruction)):
        return _download(failed, url)
    if not _NOT_THERE.search(failed.message) or _NO_IMAGE in failed.message:
        return None
    if failed.builder is Builder.CLASSIC and (instruction.heredocs or any(map(_HEREDOC.match, instruction.arguments))):
        what = "Here-documents (<<EOF) need BuildKit; the classic builder looks for a file of that name."
        return Diagnosis(FailureKind.DOCKERFILE, what, "Build it with --builder buildkit.", Cause.NEEDS_BUILDKIT)
    missing = _missing_source(failed.message, instruction)
    if source := next(iter(instruction.flag_values("from")), None):
        return _not_there(failed, instruction, source, missing)
    return diagnose_missing(failed, missing)


def _missing_source(message: str, instruction: Instruction) -> str:
    """The source that is missing, as it is written where that can be told."""
    sources = instruction.arguments[:-1]
    found = next((match[1] for pattern in _MISSING if (match := pattern.search(message))), None)
    if found is not None:
        found, was_mounted = _ENGINE_FOLDER.subn("/", found)
        wanted = _bare(found)
        same = (s for s in sources if _bare(s) == wanted or (was_mounted and _bare(s).startswith(f"{wanted}/")))
        return next(same, None) or (sources[0] if len(sources) == 1 and "$" not in sources[0] else found)
    return sources[0] if len(sources) == 1 else ", ".join(sources)


def _bare(path: str) -> str:
    """A path from the root, without what `..` leads out of it: so builders see it."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _not_there(failed: FailedBuild, instruction: Instruction, source: str, missing: str) -> Diagnosis:
    dockerfile = failed.dockerfile
    stage = dockerfile.stage_named(source)
    path = missing if missing.startswith("/") else f"/{missing}"
    if stage is None:
        what = f"The image {source} has no {path}, which COPY --from={source} wants."
        advice = "Check the path; a container of that image shows what it has."
        return Diagnosis(FailureKind.CONTEXT, what, advice, Cause.NOT_IN_IMAGE)
    what = f"Stage {stage.title} has no {path}, which COPY --from={source} wants."
    return Diagnosis(FailureKind.CONTEXT, what, _stage_advice(failed, stage, missing), Cause.NOT_IN_STAGE)


def _stage_advice(failed: FailedBuild, stage: Stage, missing: str) -> str:
    close = alike(missing, paths_made(failed.dockerfile, stage, failed.context))[:_MOST_ALIKE]
    root = "" if missing.startswith("/") else " COPY --from counts from the root, whatever WORKDIR says."
    if close:
        return f"Judging by the Dockerfile, that stage makes {_or(close)}: copy that, or fix the path.{root}"
    return f"Check where that stage puts it (its WORKDIR, go build -o, the ends of its COPY lines).{root}"


def _or(words: Sequence[str]) -> str:
    return " or ".join(words)


def _url_of(failed: FailedBuild, instruction: Instruction) -> str | None:
    urls = [word for word in instruction.arguments[:-1] if _URL.fullmatch(word)]
    named = [url for url in urls if url in failed.message]
    if found := re.search(r'Get "(https?://[^"]+)"', failed.message):
        return named[0] if named else found[1]
    return named[0] if named else urls[0] if len(urls) == 1 and len(instruction.arguments) == 2 else None


def _download(failed: FailedBuild, url: str) -> Diagnosis:
    status = _STATUS.search(failed.message)
    if status:
        what = f"ADD wants {url}, and the server there answered {status[1].strip()}."
        return Diagnosis(FailureKind.DOWNLOAD, what, "Check the address.", Cause.DOWNLOAD)
    why = why_unreachable(failed.message)
    what = f"The engine cannot fetch {url}, which ADD wants{f': {why}' if why else ''}."
    if pull_cause(failed.message) is Cause.PROXY:
        what = f"The engine's proxy does not let {url} through, which ADD wants{f': {why}' if why else ''}."
        advice = "docker info shows the engine's proxy: check its address, its login, and which hosts it allows."
        return Diagnosis(FailureKind.DOWNLOAD, what, advice, Cause.PROXY)
    advice = "Check the address, and the network of the engine's machine."
    return Diagnosis(FailureKind.DOWNLOAD, what, advice, Cause.DOWNLOAD)
