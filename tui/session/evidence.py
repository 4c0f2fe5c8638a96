"""What the session has of the images that a lesson names, and how lessons put it into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.course.blocks import Predict, Where
from tui.course.checks import CachedAfterEdit, Check, needs
from tui.course.measures import Measure
from tui.session.container_trial import Questions, Trial, trial_of
from tui.session.course_images import Target, target_of
from tui.session.courses import OpenCourse
from tui.session.findings import Findings
from tui.session.measuring import Known, Remedy, Unmeasured, measure_value
from tui.session.whereabouts import whereabouts

if TYPE_CHECKING:
    from tui.engine.model import Image
    from tui.session.build_record import BuildRecord
    from tui.session.workbench import Workbench

SOURCE = "main.go"
NO_ENGINE_TAG = "IMAGE"
"""What stands in a command for the tag while there is no engine to name it."""


class Evidence:
    """A look at the bench through the eyes of a course."""

    def __init__(self, opened: OpenCourse, bench: Workbench | None, found: Findings | None = None) -> None:
        self._opened = opened
        self._bench = bench
        self._found = found or Findings()

    @property
    def is_recorded(self) -> bool:
        """Whether a recording answers: it runs nothing, and builds nothing anew."""
        return self._bench is not None and self._bench.engine.info.recorded_on is not None

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
        """Its build, its inside, and all that was found out about it."""
        built = self.image(image)
        if self._bench is None or built is None:
            return Known(self.record(image), is_recorded=self.is_recorded)
        id, found = built.image_id, self._found
        return Known(
            self.record(image),
            self._bench.anatomies.get(id),
            found.rebuilds.get(id, {}),
            (*self._runs(image, id), *found.trials.get(id, ())),
            found.left_bytes.get(id),
            _source(self.target(image)),
            self.is_recorded,
        )

    def _runs(self, image: str, image_id: str) -> tuple[Trial, ...]:
        """What the Run tab did with it."""
        if self._bench is None or not self._bench.has_runs:
            return ()
        record = self._bench.runs.records.get(self.target(image).subject)
        if record is None or record.container is None or record.container.image_id != image_id:
            return ()
        return (trial_of(record),) if record.end is not None or record.probe is not None else ()

    def missing(self, image: str, checks: Sequence[Check]) -> Unmeasured | None:
        """What must be done before these checks of an image can be judged; None where nothing helps any more."""
        wanted, known = needs(checks), self.known(image)
        for name in (image, *sorted(wanted.images)):
            if self.image(name) is None:
                return None if self.known(name).is_not_recorded else Unmeasured(name, Remedy.BUILD)
        if wanted.inside and known.anatomy is None:
            return Unmeasured(image, Remedy.LOOK)
        if self.is_recorded:
            return None
        for file in sorted(wanted.edits - known.rebuilds.keys()):
            steps = (check.step for check in checks if isinstance(check, CachedAfterEdit) and check.file == file)
            return Unmeasured(image, Remedy.REBUILD, file, frozenset(steps))
        paths, echoes = wanted.http_paths, wanted.echoes
        if wanted.run and not any(paths <= t.http.keys() and echoes <= t.echoes.keys() for t in known.trials):
            return Unmeasured(image, Remedy.START, questions=Questions(paths, echoes))
        return None

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


def _source(target: Target) -> str:
    """The source that stands for all of a program: `main.go`, or the first one there is."""
    names = sorted(path.name for path in target.project.context.glob("*.go"))
    return SOURCE if SOURCE in names or not names else names[0]


def _exposed(target: Target) -> list[str]:
    try:
        lines = target.variant.dockerfile.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    words = [line.split() for line in lines if line.upper().startswith("EXPOSE ")]
    return [port.partition("/")[0] for line in words for port in line[1:] if port.partition("/")[0].isdigit()]
