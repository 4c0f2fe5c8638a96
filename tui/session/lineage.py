"""Which instructions of a Dockerfile an image descends from, and which were left behind with another stage."""

from __future__ import annotations

from collections.abc import Iterable

from tui.engine.dockerfile import Dockerfile, Stage
from tui.image.model import Origin


def chain_of(dockerfile: Dockerfile, target: str | None = None) -> tuple[Origin, ...]:
    """The instructions of the built stage, and before them those of the stages that it starts from; FROM left out."""
    return _origins(dockerfile, _lineage(dockerfile, target))


def discarded_of(dockerfile: Dockerfile, target: str | None = None) -> tuple[Origin, ...]:
    """The instructions of the earlier stages from which the built one took over files at the most."""
    lineage = _lineage(dockerfile, target)
    last = lineage[-1].index if lineage else 0
    return _origins(dockerfile, [s for s in dockerfile.stages if s.index < last and s not in lineage])


def _lineage(dockerfile: Dockerfile, target: str | None) -> list[Stage]:
    """The built stage and the stages below it, the lowest first."""
    stage = dockerfile.stage_named(target) if target else dockerfile.stages[-1] if dockerfile.stages else None
    lineage: list[Stage] = []
    while stage is not None:
        lineage.insert(0, stage)
        below = dockerfile.stage_named(stage.base)
        # A stage may have the name of an image; only an earlier one is meant.
        stage = below if below is not None and below.index < stage.index else None
    return lineage


def _origins(dockerfile: Dockerfile, stages: Iterable[Stage]) -> tuple[Origin, ...]:
    return tuple(
        Origin(instruction.text, instruction.line, stage.title)
        for stage in stages
        for instruction in dockerfile.instructions
        if instruction.stage == stage.index and instruction.keyword != "FROM"
    )
