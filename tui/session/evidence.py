"""What the session has of the images that a lesson names, and how lessons put it into words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.course.blocks import Predict, Where
from tui.course.measures import Measure
from tui.session.course_images import Target, target_of
from tui.session.courses import OpenCourse
from tui.session.measuring import Known, Unmeasured, measure_value
from tui.session.whereabouts import whereabouts

if TYPE_CHECKING:
    from tui.engine.model import Image
    from tui.session.build_record import BuildRecord
    from tui.session.workbench import Workbench

NO_ENGINE_TAG = "IMAGE"
"""What stands in a command for the tag while there is no engine to name it."""


class Evidence:
    """A look at the bench through the eyes of a course."""

    def __init__(self, opened: OpenCourse, bench: Workbench | None) -> None:
        self._opened = opened
        self._bench = bench

    def target(self, image: str) -> Target:
        """What is built for an image of this name."""
        return target_of(self._opened, image)

    def record(self, image: str) -> BuildRecord | None:
        """Its newest build."""
        return self._bench.records.get(self.target(image).subject) if self._bench is not None else None

    def image(self, image: str) -> Image | None:
        """What that build made."""
        record = self.record(image)
        return record.image if record is not None else None

    def known(self, image: str) -> Known:
        """Its build and its inside."""
        built = self.image(image)
        anatomy = self._bench.anatomies.get(built.image_id) if self._bench is not None and built is not None else None
        return Known(self.record(image), anatomy)

    def measure(self, question: Predict) -> float | Unmeasured:
        """The answer to a question, if it is known."""
        measure: Measure = question.measure
        return measure_value(measure, {image: self.known(image) for image in measure.images}, question.options)

    @property
    def source(self) -> str:
        """Who measures: `docker 29.1`, `recorded on 2026-11-24`."""
        if self._bench is None:
            return ""
        info = self._bench.engine.info
        return f"recorded on {info.recorded_on:%Y-%m-%d}" if info.recorded_on else f"{info.name} {info.version}"

    @property
    def whereabouts(self) -> Mapping[Where, str]:
        """Which engine, builder and store are at hand."""
        return self._bench.whereabouts if self._bench is not None else whereabouts(None)

    def run_command(self, image: str) -> str:
        """The docker command that starts a container of an image, with the ports that its Dockerfile names."""
        target = self.target(image)
        tag = self._bench.request(target.project, target.variant).tag if self._bench is not None else NO_ENGINE_TAG
        ports = "".join(f"-p {port}:{port} " for port in _exposed(target))
        return f"docker run --rm {ports}{tag}"


def _exposed(target: Target) -> list[str]:
    try:
        lines = target.variant.dockerfile.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    words = [line.split() for line in lines if line.upper().startswith("EXPOSE ")]
    return [port.partition("/")[0] for line in words for port in line[1:] if port.partition("/")[0].isdigit()]
