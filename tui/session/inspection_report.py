"""What `jettison inspect` tells of images, as plain data."""

from __future__ import annotations

from typing import Any

from tui.engine.model import Image, SizeBasis
from tui.image.anatomy import Anatomy
from tui.session.insight import Inside, Insight


def image_size(image: Image | None, anatomy: Anatomy) -> tuple[int, SizeBasis]:
    """The size by which an image goes, and what it counts: the engine's own, or what an archive holds unpacked."""
    return (image.size_bytes, image.size_basis) if image is not None else (anatomy.unpacked_bytes, SizeBasis.UNPACKED)


def packed_bytes(anatomy: Anatomy) -> int | None:
    """What a registry would hold of it, each layer once; None where a layer was not measured."""
    sizes = {layer.diff_id: layer.compressed_bytes for layer in anatomy.layers}
    known = [size for size in sizes.values() if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def report_json(insight: Insight, images: list[Image | None]) -> dict[str, Any]:
    """The one object that `jettison inspect --json` prints; `images` are the engine's words, None for archives."""
    report: dict[str, Any] = {
        "images": [
            _image_json(inside, image, [other for other in insight.images if other is not inside])
            for inside, image in zip(insight.images, images, strict=True)
        ]
    }
    report["left_behind"] = insight.left_behind.as_json() if insight.left_behind is not None else None
    return report


def _image_json(inside: Inside, image: Image | None, others: list[Inside]) -> dict[str, Any]:
    anatomy = inside.anatomy
    size, basis = image_size(image, anatomy)
    theirs = {layer.diff_id for other in others for layer in other.anatomy.layers}
    return {
        "name": inside.title,
        "image_id": inside.image_id,
        "size_bytes": size,
        "size_basis": basis.value,
        "unpacked_bytes": anatomy.unpacked_bytes,
        "compressed_bytes": packed_bytes(anatomy),
        "layers": [
            {
                "diff_id": layer.diff_id,
                "size_bytes": layer.size_bytes,
                "compressed_bytes": layer.compressed_bytes,
                "instruction": (origin.instruction or None) if origin is not None else None,
                "dockerfile_line": origin.line if origin is not None else None,
                # What is not known is null throughout: there is no stage without a name or a number.
                "stage": (origin.stage or None) if origin is not None else None,
                "shared": layer.diff_id in theirs,
            }
            for layer, origin in zip(anatomy.layers, anatomy.origins, strict=True)
        ],
        "purposes": {purpose.value: total.size_bytes for purpose, total in anatomy.by_purpose.items()},
        "waste_bytes": anatomy.waste_bytes,
        "facts": anatomy.facts.as_json(),
    }
