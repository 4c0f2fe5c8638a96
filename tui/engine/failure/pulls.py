"""Failures of a pull: which image it was, who named it, and why it did not come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

from tui.engine.cause import Cause
from tui.engine.dockerfile import Stage
from tui.engine.events import FailureKind
from tui.engine.failure.kinds import is_disk_full
from tui.engine.failure.model import Diagnosis, FailedBuild
from tui.engine.registry.pull_causes import about_login, pull_cause, why_unreachable
from tui.engine.registry.pull_words import SYNTAX, Pull, what_happened, what_to_do
from tui.engine.registry.reference import Reference, parse_reference
from tui.engine.request import Builder

_FRONTEND_STEP = "resolve image config for"
_FRONTEND_WORDS = "frontend gateway.v0"
_CLASSIC_FROM = re.compile(r"invalid from flag value (\S+?): ")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An image that a Dockerfile wants."""

    image: Reference
    named_by: str
    line: int | None = None
    """Of the Dockerfile."""


def images_wanted(failed: FailedBuild) -> Iterator[Wanted]:
    """All images that the Dockerfile names, the frontend last."""
    dockerfile = failed.dockerfile
    starts = {stage.base: stage.line for stage in reversed(dockerfile.stages)}
    for name in dockerfile.external_bases():
        if (image := _read(name)) is None:
            continue
        if name in starts:
            yield Wanted(image, "FROM", starts[name])
        else:
            copied = (one.line for one in dockerfile.instructions if f"from={name}" in one.text)
            yield Wanted(image, "--from", next(copied, None))
    if dockerfile.syntax and (frontend := _read(dockerfile.syntax)) is not None:
        lines = enumerate(dockerfile.text.splitlines(), 1)
        yield Wanted(frontend, SYNTAX, next((line for line, text in lines if dockerfile.syntax in text), None))


def diagnose_pull(failed: FailedBuild) -> Diagnosis | None:
    """The diagnosis of a failed pull; None where something else failed."""
    words = failed.message
    cause = Cause.DISK_FULL if is_disk_full(words) else pull_cause(words)
    if cause is None or (wanted := _image_of(failed, cause)) is None:
        return None
    if (mistaken := _mistaken_stage(failed, wanted)) is not None:
        return mistaken
    pull = pull_of(failed, wanted, cause)
    return replace(pull_diagnosis(about_login(cause, failed.message, pull.image, pull.user), pull), line=wanted.line)


def pull_of(failed: FailedBuild, wanted: Wanted, cause: Cause) -> Pull:
    """What is known of the pull from the engine's words."""
    user = failed.user_at(wanted.image.api_host)
    platform = failed.platform
    if match := re.search(r"no matching manifest for ([a-z0-9/]+)", failed.message):
        platform = match[1]
    elif stage := _stage_of(failed, wanted):
        platform = stage.platform or platform
    detail = why_unreachable(failed.message) if cause in (Cause.UNREACHABLE, Cause.PROXY) else ""
    return Pull(wanted.image, wanted.named_by, platform if "$" not in platform else "", user, detail)


def pull_diagnosis(cause: Cause, pull: Pull) -> Diagnosis:
    """The diagnosis in words."""
    kind = FailureKind.FRONTEND if pull.named_by == SYNTAX else FailureKind.BASE_IMAGE
    what, advice = what_happened(cause, pull), what_to_do(cause, pull)
    if cause is Cause.DISK_FULL:
        kind = FailureKind.DISK_FULL
    elif kind is FailureKind.FRONTEND:
        what = f"The frontend that {SYNTAX} names is missing. {what}"
        advice += f" Or take the {SYNTAX} line away: the engine then reads the Dockerfile by itself."
    return Diagnosis(kind, what, advice, cause, pull)


def _image_of(failed: FailedBuild, cause: Cause) -> Wanted | None:
    """Which image was to be pulled when it failed."""
    wanted = list(images_wanted(failed))
    by_name = {one.image.name: one for one in wanted}
    if match := _CLASSIC_FROM.search(failed.message):
        image = _read(match[1])
        return by_name.get(match[1]) or (Wanted(image, "COPY --from") if image else None)
    if failed.step.startswith(_FRONTEND_STEP) or _FRONTEND_WORDS in failed.message:
        return next((one for one in wanted if one.named_by == SYNTAX), None)
    if failed.builder is Builder.CLASSIC:
        return _of_classic_step(failed, by_name)
    if failed.keyword in ("RUN", "ADD") and cause is not Cause.CUT_OFF:
        return None
    named = [one for one in wanted if _is_named(one.image, f"{failed.step}\n{failed.message}")]
    if named:
        return max(named, key=lambda one: len(one.image.name))
    is_pulling = failed.keyword in ("FROM", "[INTERNAL]", "EXPORTING") or cause in (Cause.CUT_OFF, Cause.DISK_FULL)
    return wanted[0] if len(wanted) == 1 and is_pulling else None


def _of_classic_step(failed: FailedBuild, by_name: dict[str, Wanted]) -> Wanted | None:
    """The classic builder pulls in FROM and COPY --from, and leaves the image's name out of most messages."""
    if (instruction := failed.instruction) is None or instruction.keyword != "FROM":
        return None
    stage = next((one for one in failed.dockerfile.stages if one.index == instruction.stage), None)
    return by_name.get(stage.base) if stage else None


def _is_named(image: Reference, text: str) -> bool:
    if f"/v2/{image.repository}/" in text:
        return True
    names = {image.name, image.full_name, f"{image.host}/{image.repository}"}
    return any(re.search(rf"(?<![\w./-]){re.escape(name)}(?![\w-])", text) for name in names)


def _stage_of(failed: FailedBuild, wanted: Wanted) -> Stage | None:
    return next((stage for stage in failed.dockerfile.stages if stage.base == wanted.image.name), None)


def _mistaken_stage(failed: FailedBuild, wanted: Wanted) -> Diagnosis | None:
    """A stage's name that is written wrong is taken for an image of Docker Hub."""
    name = wanted.image.name
    if wanted.named_by == SYNTAX or any(sign in name for sign in "/.:@"):
        return None
    stages = [stage.name for stage in failed.dockerfile.stages if stage.name]
    known = {stage.lower(): stage for stage in stages}
    if wanted.named_by == "FROM" and not get_close_matches(name, known, 1, 0.8):
        return None
    if name.lower() in known:
        what = f"{name} is no stage yet where it is copied from: the classic builder knows finished stages only."
        return Diagnosis(
            FailureKind.DOCKERFILE, what, f"Move the stage {name} up.", Cause.NO_SUCH_STAGE, line=wanted.line
        )
    if close := get_close_matches(name.lower(), known, 1, 0.6):
        alike = known[close[0]]
        what = f"There is no stage called {name}, so an image of that name was looked for, in vain."
        advice = f"A stage is called {alike}: write that."
        return Diagnosis(FailureKind.DOCKERFILE, what, advice, Cause.NO_SUCH_STAGE, line=wanted.line)
    return None


def _read(name: str) -> Reference | None:
    try:
        return parse_reference(name)
    except ValueError:
        return None
