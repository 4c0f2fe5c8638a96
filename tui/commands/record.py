"""`jettison record`: build an edition anew and keep its events for the replay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui.commands.building import no_engine, open_real_workbench
from tui.commands.exits import Exit
from tui.commands.say import explain, narrate
from tui.engine.errors import EngineError, NoEngine
from tui.engine.events import BuildEvent, BuildFailed, BuildSucceeded, StepDone
from tui.engine.request import BuildRequest
from tui.session import format
from tui.session.connect import COURSE_IMAGES
from tui.session.course_images import Target, target_of
from tui.session.courses import open_course
from tui.session.options import REPLAY, StartOptions

if TYPE_CHECKING:
    from tui.engine.api import Engine
    from tui.engine.recording import Recording
    from tui.image.archive import ArchivedImage


def run(options: StartOptions, name: str, target: Path, insides: Path | None) -> Exit:
    """Build both variants and the builder stage without the cache, and write the recording under this name.

    Named `course`, it holds the images that the tutorial's lessons build besides. With `insides`, a folder, also what
    is inside the images is kept, for a replay that can be looked into.
    """
    if options.engine == REPLAY:
        narrate("jettison: a replay cannot be recorded; name a real engine.")
        return Exit.USAGE
    try:
        bench = open_real_workbench(options)
    except NoEngine as error:
        return no_engine(error)
    from tui.engine.recording import record_edition

    engine = bench.engine
    targets = _course_images() if name == COURSE_IMAGES else _of_edition(options)
    requests = [bench.request(one.project, one.variant, no_cache=True) for one in targets]
    for request in requests:
        bench.ledger.begin(engine.info, request)

    def on_event(request: BuildRequest, event: BuildEvent) -> None:
        bench.ledger.note(engine.info, request, event)
        _narrate(request, event)

    try:
        recording = record_edition(engine, name, requests, target, on_event)
    except EngineError as error:
        explain(error)
        return Exit.BUILD_FAILED
    events = sum(len(build.events) for build in recording.builds)
    narrate(f"{target}: {len(recording.builds)} builds, {events} events, {format.size(target.stat().st_size)}")
    if insides is not None and (trouble := _keep_insides(engine, recording, insides)):
        narrate(f"jettison: {trouble} The builds are recorded; what is inside their images is not, or not of all.")
        return Exit.CHECK_FAILED
    print(target)
    return Exit.FINE


def _of_edition(options: StartOptions) -> list[Target]:
    project = options.project()
    return [Target(project, variant) for variant in (*project.variants, *project.stages)]


def _course_images() -> list[Target]:
    opened = open_course()
    return [target_of(opened, image) for image in opened.course.images]


def _keep_insides(engine: Engine, recording: Recording, folder: Path) -> str:
    """Keep what is inside each image; a sentence where one cannot be read."""
    from tui.image.errors import ArchiveDamaged
    from tui.session.inside_store import InsideStore

    store = InsideStore(folder)
    for build in recording.builds:
        image_id = next(event.image.image_id for event in build.events if isinstance(event, BuildSucceeded))
        narrate(f"{build.subject}: reading what is inside")
        try:
            image = _read(engine, image_id)
        except (ArchiveDamaged, EngineError) as error:
            return f"{build.subject}: {error}"
        store.keep(image_id, image.config, image.layers)
    return ""


def _read(engine: Engine, image_id: str) -> ArchivedImage:
    from tui.image.archive import read_archive

    stream = engine.save(image_id)
    try:
        return read_archive(stream.pieces(), measure_packed=True, is_verified=True).images[0]
    finally:
        stream.cancel()


def _narrate(request: BuildRequest, event: BuildEvent) -> None:
    match event:
        case StepDone(seconds=seconds) if seconds >= 1:
            narrate(f"{request.subject}: a step took {format.duration(seconds)}")
        case BuildSucceeded(image=image):
            narrate(f"{request.subject}: {format.size(image.size_bytes)} in {format.duration(event.at)}")
        case BuildFailed():
            narrate(f"{request.subject}: {event.reason}\n{event.advice}")
