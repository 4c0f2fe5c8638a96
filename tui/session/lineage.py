"""Which instructions of a Dockerfile an image descends from, and which were left behind with another stage."""

from __future__ import annotations

from collections.abc import Iterable

from tui.engine.dockerfile import Dockerfile, Stage
from tui.image.model import Origin


def chain_of(dockerfile: Dockerfile, target: str | None = None) -> tuple[Origin, ...]:
    """The instructions of the built stage, and before them those of the stages that it starts from; FROM left out."""
    return _origins(dockerfile, _lineage(dockerfile, target))


def discarded_of(dockerfile: Dockerfile, target: str | None = None) -> tuple[Origin, ...]:
    """The instructions of the earlier stages from which the built one took over files at the most.

    A FROM is among them where it brings an image from outside.
    """
    lineage = _lineage(dockerfile, target)
    last = lineage[-1].index if lineage else 0
    gone = [stage for stage in dockerfile.stages if stage.index < last and stage not in lineage]
    return _origins(dockerfile, gone, with_images=True)


def _lineage(dockerfile: Dockerfile, target: str | None) -> list[Stage]:
    """The built stage and the stages below it, the lowest first."""
    stage = dockerfile.stage_named(target) if target else dockerfile.stages[-1] if dockerfile.stages else None
    lineage: list[Stage] = []
    while stage is not None:
        lineage.insert(0, stage)
        stage = dockerfile.base_stage(stage)
    return lineage


def _origins(dockerfile: Dockerfile, stages: Iterable[Stage], *, with_images: bool = False) -> tuple[Origin, ...]:
    """All instructions of these stages but FROM; `with_images`, also each FROM that brings an image from outside."""
    return tuple(
        Origin(instruction.text, instruction.line, stage.title)
        for stage in stages
        for instruction in dockerfile.instructions
        if instruction.stage == stage.index
        and (instruction.keyword != "FROM" or (with_images and dockerfile.base_stage(stage) is None))
    )
