"""Why a build failed, and what to do about it: the one entry to all diagnoses."""

from __future__ import annotations

import re

from tui.engine.cause import Cause
from tui.engine.events import FailureKind
from tui.engine.failure.copies import diagnose_copy
from tui.engine.failure.kinds import ADVICE, is_disk_full, kind_of
from tui.engine.failure.model import Diagnosis, FailedBuild
from tui.engine.failure.mounts import diagnose_mount
from tui.engine.failure.pulls import diagnose_pull

_DUPLICATE = re.compile(r"^(\S+) stage name already used")
_BUILDKIT_ONLY = re.compile(r"the (--\S+) option requires BuildKit")
_UNREADABLE = (
    re.compile(r"(?P<file>/[^:]*?|[A-Z]:\\[^:]*?|[^\s:]+) cannot be read: (?P<why>[^.:]+)"),
    re.compile(r"error from sender: (?:open|lstat|readlink) (?P<file>.+?): (?P<why>permission denied)", re.IGNORECASE),
)


def diagnose_failure(failed: FailedBuild) -> Diagnosis:
    """What can be said from the engine's words, the Dockerfile and the context's folder; asks nobody."""
    if is_disk_full(failed.message) or is_disk_full(failed.output):
        return diagnose_pull(failed) or Diagnosis(
            FailureKind.DISK_FULL, _disk_words(failed), ADVICE[FailureKind.DISK_FULL], Cause.DISK_FULL
        )
    # A command's own exit code counts for more than what it says.
    if failed.exit_code is not None and failed.keyword in ("RUN", ""):
        return Diagnosis(FailureKind.INSTRUCTION, "", ADVICE[FailureKind.INSTRUCTION])
    return (
        _in_the_dockerfile(failed)
        or diagnose_mount(failed)
        or _unreadable(failed)
        or diagnose_copy(failed)
        or diagnose_pull(failed)
        or _by_kind(failed)
    )


def diagnose_context(message: str) -> Diagnosis:
    """The diagnosis of a context that could not be read here; the message is our own sentence."""
    nothing_more = Diagnosis(FailureKind.CONTEXT, "", ADVICE[FailureKind.CONTEXT])
    return _unreadable_in(message) or nothing_more


def _disk_words(failed: FailedBuild) -> str:
    return f"The engine's disk ran full in {failed.step}." if failed.step else "The engine's disk is full."


def _in_the_dockerfile(failed: FailedBuild) -> Diagnosis | None:
    if match := _DUPLICATE.search(failed.message):
        name = match[1]
        lines = [str(s.line) for s in failed.dockerfile.stages if (s.name or "").lower() == name.lower()]
        where = f" (lines {' and '.join(lines)})" if len(lines) > 1 else ""
        what = f"More than one stage is called {name}{where}; the classic builder takes each name once."
        return Diagnosis(FailureKind.DOCKERFILE, what, "Give each stage a name of its own.", Cause.DUPLICATE_STAGE)
    if match := _BUILDKIT_ONLY.search(failed.message):
        what = f"{failed.keyword or 'An instruction'} with {match[1]} needs BuildKit; this is the classic builder."
        return Diagnosis(FailureKind.DOCKERFILE, what, "Build it with --builder buildkit.", Cause.NEEDS_BUILDKIT)
    return None


def _unreadable(failed: FailedBuild) -> Diagnosis | None:
    return None if failed.keyword == "RUN" else _unreadable_in(failed.message)


def _unreadable_in(message: str) -> Diagnosis | None:
    for pattern in _UNREADABLE:
        if match := pattern.search(message):
            why = match["why"].lower()
            what = f"{match['file']} cannot be read: {why}."
            advice = "Add it to .dockerignore if the build does not need it."
            if why == "permission denied":
                advice = "Make it readable (chmod u+r), or add it to .dockerignore if the build does not need it."
            return Diagnosis(FailureKind.CONTEXT, what, advice, Cause.UNREADABLE)
    return None


def _by_kind(failed: FailedBuild) -> Diagnosis:
    kind = kind_of(failed.message, failed.keyword)
    return Diagnosis(kind, "", ADVICE[kind])
