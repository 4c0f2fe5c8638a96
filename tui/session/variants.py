"""What can be built: the tutorial's two editions of the pair, one of its stages alone, or the learner's own files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tui.session.build_options.model import OptionRefused
from tui.session.paths import content_folder

CURRENT = "current"
HISTORIC = "2019"
EDITIONS = (CURRENT, HISTORIC)

SIMPLE = "simple"
MULTISTAGE = "multistage"
BUILDER_STAGE = "builder"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to build a project."""

    name: str
    """Unique within its project, fit for a tag."""
    title: str
    """As it is shown: `Single stage`."""
    dockerfile: Path
    """Absolute."""
    target: str | None = None
    """The stage to stop at."""


@dataclass(frozen=True, slots=True)
class Project:
    """A context and the variants of its image that are compared."""

    name: str
    """The edition, or the context's folder; fit for a tag."""
    context: Path
    variants: tuple[Variant, ...]
    """What `build both` builds, in this order."""
    stages: tuple[Variant, ...] = ()
    """Stages that can be built alone."""
    edition: str | None = None
    """The tutorial's edition, or None for a project of the learner's own or of a course."""
    is_of_course: bool = False
    """Whether a course brings it along: it then has no part in the learner's secrets."""

    def variant(self, name: str) -> Variant:
        """The variant or stage of this name. Raises KeyError."""
        for variant in (*self.variants, *self.stages):
            if variant.name == name:
                return variant
        raise KeyError(name)

    def subject(self, variant: Variant) -> str:
        """What is built, in words that recordings and times are kept under: `current/simple`."""
        return f"{self.name}/{variant.name}"


def edition(name: str) -> Project:
    """The tutorial's project in one of its `EDITIONS`. Raises KeyError."""
    folder = {CURRENT: Path(), HISTORIC: Path("2019")}[name]
    context = content_folder("goapp")
    simple = context / folder / "Dockerfile.simple"
    multistage = context / folder / "Dockerfile.multistage"
    return Project(
        name,
        context,
        (Variant(SIMPLE, "Single stage", simple), Variant(MULTISTAGE, "Multi-stage", multistage)),
        (Variant(BUILDER_STAGE, "Builder stage", multistage, BUILDER_STAGE),),
        name,
    )


def own_project(context: Path, dockerfiles: tuple[Path, ...], target: str | None = None) -> Project:
    """A project of the learner's own. Relative Dockerfiles are looked for in the current folder, then in the context.

    Raises FileNotFoundError where the context or a Dockerfile is not there, and OptionRefused where a Dockerfile has no
    stage that is called like the target.
    """
    root = context.resolve()
    if not root.is_dir():
        raise FileNotFoundError(f"the context {context} is no folder")
    files = dockerfiles or tuple(path for path in (root / "Dockerfile",) if path.is_file())
    if not files:
        raise FileNotFoundError(f"there is no Dockerfile in {context}; name one with -f")
    found = [_find(file, root, context) for file in files]
    if target is not None:
        for path in found:
            _check_target(path, target)
    titles = _shortest_paths([path.relative_to(root) if path.is_relative_to(root) else path for path in found])
    variants: list[Variant] = []
    for path, title in zip(found, titles, strict=True):
        name = _unique(fit_for_tag(title), {variant.name for variant in variants})
        variants.append(Variant(name, title, path, target))
    return Project(fit_for_tag(root.name), root, tuple(variants))


def _find(file: Path, root: Path, context: Path) -> Path:
    """Where a Dockerfile is. It may be a link: its own name counts, not that of what it leads to."""
    for path in (Path.cwd() / file, root / file):
        if path.is_file():
            return path.parent.resolve() / path.name
    raise FileNotFoundError(f"there is no Dockerfile {file}, neither here nor in {context}")


def _check_target(dockerfile: Path, target: str) -> None:
    from tui.engine.dockerfile import parse

    parsed = parse(dockerfile.read_text("utf-8", "replace"))
    if parsed.stages and parsed.stage_named(target) is None:
        stages = ", ".join(stage.title for stage in parsed.stages)
        raise OptionRefused(f"--target {target}: {dockerfile.name} has no such stage, it has {stages}.")


def _shortest_paths(paths: Sequence[Path]) -> list[str]:
    """For each path the shortest end of it that no other has: `api/Dockerfile`, `web/Dockerfile`."""

    def end(path: Path, length: int) -> str:
        return "/".join(path.parts[-length:]).replace("//", "/")

    def shortest(path: Path) -> str:
        for length in range(1, len(path.parts)):
            if sum(end(other, length) == end(path, length) for other in paths) == 1:
                return end(path, length)
        return end(path, len(path.parts))

    return [shortest(path) for path in paths]


def fit_for_tag(text: str) -> str:
    """Lower case, with everything that a repository name cannot hold turned into dashes."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "image"


def _unique(name: str, taken: set[str]) -> str:
    number = 1
    unique = name
    while unique in taken:
        number += 1
        unique = f"{name}-{number}"
    return unique
