"""Variants beside each other: sizes, the ratio, and what the article of 2019 reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui.engine.events import BuildFailed
from tui.engine.model import EngineInfo, Image, SizeBasis
from tui.session.build_record import BuildRecord, Step
from tui.session.format import ratio
from tui.session.variants import Project, Variant

ARTICLE_SIMPLE_BYTES = 793_000_000
"""`go-simple` in the article of 2019."""
ARTICLE_MULTISTAGE_BYTES = 12_300_000
"""`go-multi-stage` in the article of 2019."""

BASIS_WORDS = {
    SizeBasis.UNPACKED: "unpacked layers, as docker images prints them",
    SizeBasis.PACKED: "packed layers, as the containerd store reports them",
    SizeBasis.PACKED_AND_UNPACKED: "packed and unpacked together, as the containerd store reports them",
}
"""What an engine's size counts, for people."""


@dataclass(frozen=True, slots=True)
class Built:
    """A variant that was built."""

    variant: Variant
    record: BuildRecord
    image: Image


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was built, in the order of the project's variants."""

    project: Project
    engine: EngineInfo
    built: tuple[Built, ...]

    @property
    def largest(self) -> Built | None:
        """The variant with the largest image."""
        return max(self.built, key=lambda built: built.image.size_bytes, default=None)

    @property
    def smallest(self) -> Built | None:
        """The variant with the smallest image."""
        return min(self.built, key=lambda built: built.image.size_bytes, default=None)

    @property
    def ratio(self) -> float | None:
        """How many times the smallest image fits into the largest; None with fewer than two."""
        if self.largest is None or self.smallest is None or len(self.built) < 2:
            return None
        return ratio(self.largest.image.size_bytes, self.smallest.image.size_bytes)

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """What the stand-in base images below say of themselves, each once; empty on real ones."""
        words = (built.image.stand_in for built in self.built)
        return tuple(dict.fromkeys(word for word in words if word))


def compare(project: Project, engine: EngineInfo, records: Sequence[tuple[Variant, BuildRecord]]) -> Comparison:
    """Put the finished builds beside each other; those without an image are left out."""
    built = tuple(Built(variant, record, record.image) for variant, record in records if record.image is not None)
    return Comparison(project, engine, built)


def engine_json(engine: EngineInfo) -> dict[str, Any]:
    """The engine, for programs."""
    return {
        "name": engine.name,
        "version": engine.version,
        "api_version": engine.api_version,
        "builder": engine.builder.value,
        "storage_driver": engine.storage_driver,
        "platform": engine.platform,
        "endpoint": engine.endpoint,
        "context": engine.context,
        "recorded_on": engine.recorded_on.isoformat() if engine.recorded_on else None,
    }


def variant_json(variant: Variant, record: BuildRecord) -> dict[str, Any]:
    """One variant's build, for programs; the image's fields are null where there is none."""
    image = record.image
    failure = record.failure
    return {
        "name": variant.name,
        "dockerfile": variant.dockerfile.name,
        "target": variant.target,
        "image_id": image.image_id if image else None,
        "tags": list(image.tags) if image else [],
        "size_bytes": image.size_bytes if image else None,
        "size_basis": image.size_basis.value if image else None,
        "build_seconds": record.seconds,
        "cached_steps": record.cached_steps,
        "steps": [_step_json(step) for step in record.instructions],
        "layers": [
            {"instruction": layer.created_by, "size_bytes": layer.size_bytes}
            for layer in (image.layers if image else ())
        ],
        "error": _error_json(failure) if failure else None,
    }


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """The one object that `jettison compare --json` prints."""
    return {
        "edition": comparison.project.edition,
        "project": comparison.project.name,
        "engine": engine_json(comparison.engine),
        "variants": [variant_json(built.variant, built.record) for built in comparison.built],
        "ratio": round(comparison.ratio, 3) if comparison.ratio is not None else None,
        "stand_in_bases": list(comparison.stand_ins),
    }


def _error_json(failure: BuildFailed) -> dict[str, Any]:
    """Why there is no image: `what` is ours, `message` the engine's."""
    return {
        "kind": failure.kind.value,
        "cause": failure.cause.value if failure.cause else None,
        "line": failure.line,
        "what": failure.what or None,
        "message": failure.message,
        "advice": failure.advice,
    }


def _step_json(step: Step) -> dict[str, Any]:
    return {
        "title": step.title,
        "stage": step.stage,
        "line": step.line,
        "state": step.state.value,
        "seconds": step.seconds,
        "exit_code": step.exit_code,
    }
