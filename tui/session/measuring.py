"""What a lesson asks to be measured, answered from the builds and the insides that a session has. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tui.course.checks import SAME_SHARE
from tui.course.facts import Facts, ProgramFact, Unknown
from tui.course.measures import Measure
from tui.course.measures import Purpose as Asked
from tui.course.path_patterns import matching
from tui.image.anatomy import Anatomy
from tui.image.purposes import Purpose
from tui.session.build_record import BuildRecord, StepState
from tui.session.image_facts import base_bytes, facts_of

PURPOSE_OF = {
    Asked.BASE: Purpose.BASE_SYSTEM,
    Asked.TOOLCHAIN: Purpose.TOOLCHAIN,
    Asked.BUILD_CACHE: Purpose.BUILD_CACHE,
    Asked.MODULE_CACHE: Purpose.MODULE_CACHE,
    Asked.SOURCES: Purpose.SOURCES,
    Asked.PROGRAM: Purpose.YOUR_PROGRAM,
}
ROOT = ("", "0", "root")


class Remedy(StrEnum):
    """What would make a measure known."""

    BUILD = "build"
    LOOK = "look"
    """Look inside the image."""
    BY_HAND = "by hand"
    """This app does not measure it yet."""


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A measure that has no answer yet."""

    image: str
    """The image that is to be built, or looked into; empty where that would not help."""
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class Known:
    """What a session has of one image."""

    record: BuildRecord | None = None
    """Its newest build."""
    anatomy: Anatomy | None = None
    """Of the image that this build made."""


def measure_value(measure: Measure, known: Mapping[str, Known], options: Sequence[str] = ()) -> float | Unmeasured:
    """The number that a measure has, in its unit; for one of several the number of the option, counted from 1."""
    pairs = [(image, known.get(image, Known())) for image in measure.images]
    for image, have in pairs:
        if have.record is None or have.record.image is None:
            return Unmeasured(image, Remedy.BUILD)
    outside = _outside(measure, [have for _, have in pairs], options)
    if outside is not None:
        return outside
    image, have = pairs[0]
    if measure.kind.name not in INSIDE:
        return Unmeasured("", Remedy.BY_HAND)
    if have.anatomy is None:
        return Unmeasured(image, Remedy.LOOK)
    inside = _inside(measure, have, have.anatomy, options)
    return inside if inside is not None else Unmeasured("", Remedy.BY_HAND)


INSIDE = frozenset(
    (
        "base-size", "program-size", "largest-layer", "bytes-for", "base-share", "layers", "files", "contains",
        "buried", "static", "largest-purpose",
    )
)  # fmt: skip
"""Measures that nobody knows before an image was looked into."""


def _outside(measure: Measure, images: Sequence[Known], options: Sequence[str]) -> float | None:
    """What the build and the engine's own words tell."""
    records = [have.record for have in images if have.record is not None]
    built = [record.image for record in records if record.image is not None]
    sizes = [image.size_bytes for image in built]
    match measure.kind.name:
        case "size":
            return float(sizes[0])
        case "difference":
            return float(sizes[0] - sizes[1])
        case "ratio":
            return sizes[0] / sizes[1] if sizes[1] else None
        case "smaller":
            second = sizes[1] < sizes[0] * (1 - SAME_SHARE)
            return _option(measure.arguments[1 if second else 0], options)
        case "seconds":
            return records[0].seconds
        case "steps":
            return float(len(records[0].instructions))
        case "root":
            return float(built[0].user.split(":")[0] in ROOT)
        case "stage-ran":
            ran = (StepState.DONE, StepState.CACHED)
            return float(any(s.stage == measure.arguments[1] and s.state in ran for s in records[0].steps))
    return None


def _inside(measure: Measure, have: Known, anatomy: Anatomy, options: Sequence[str]) -> float | None:
    """What the layers and files tell."""
    match measure.kind.name:
        case "base-size":
            return float(base_bytes(anatomy))
        case "program-size":
            return float(anatomy.program_bytes)
        case "largest-layer":
            return float(max((layer.size_bytes for layer in anatomy.layers), default=0))
        case "bytes-for":
            return float(anatomy.by_purpose[PURPOSE_OF[Asked(measure.arguments[1])]].size_bytes)
        case "base-share":
            return 100 * base_bytes(anatomy) / max(1, anatomy.unpacked_bytes)
        case "layers":
            return float(anatomy.facts.layer_count)
        case "largest-purpose":
            sizes = {name: anatomy.by_purpose[PURPOSE_OF[Asked(name)]].size_bytes for name in options}
            return _option(max(sizes, key=lambda name: sizes[name]), options)
    return _in_files(measure, _facts(have, anatomy))


def _in_files(measure: Measure, facts: Facts) -> float | None:
    match measure.kind.name:
        case "files" if not isinstance(facts.files, Unknown):
            return float(len(matching(measure.arguments[1], facts.files)))
        case "contains" if not isinstance(facts.files, Unknown):
            return float(bool(matching(measure.arguments[1], facts.files)))
        case "buried" if not isinstance(facts.buried, Unknown):
            return float(bool(matching(measure.arguments[1], facts.buried)))
        case "static" if isinstance(facts.program, ProgramFact):
            return float(facts.program.is_static)
    return None


def _facts(have: Known, anatomy: Anatomy) -> Facts:
    assert have.record is not None
    assert have.record.image is not None
    return facts_of(have.record.image, anatomy)


def _option(name: str, options: Sequence[str]) -> float | None:
    return float(options.index(name) + 1) if name in options else None
