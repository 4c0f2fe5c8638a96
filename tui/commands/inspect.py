"""`jettison inspect`: where the bytes of one image went, or of two beside each other; and limits for scripts."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tui.commands.building import build_all, no_engine, open_workbench
from tui.commands.exits import Exit
from tui.commands.inspect_tables import print_tables
from tui.commands.say import narrate, print_json
from tui.engine.dockerfile import parse
from tui.engine.errors import EngineError, ImageNotFound, NoEngine
from tui.engine.model import Image
from tui.image.anatomy import dissect
from tui.image.archive import read_archive
from tui.image.errors import ArchiveDamaged
from tui.image.limits import Limits, violations
from tui.image.picture import as_csv, as_svg
from tui.session import format
from tui.session.insight import Inside, Insight, gain_insight
from tui.session.inspection_events import ImageArrives, ImageAsked, InspectionCancelled, InspectionFailed, LookedInside
from tui.session.inspection_report import image_size, report_json
from tui.session.inspector import Look
from tui.session.lineage import chain_of, discarded_of
from tui.session.options import StartOptions
from tui.session.variants import EDITIONS, edition
from tui.session.workbench import Workbench

READ_BYTES = 1 << 20
STDIN = "-"
ARCHIVE_SUFFIXES = (".tar", ".tgz", ".gz", ".zst", ".xz", ".txz", ".bz2", ".tbz2")
UNREAD_PACKINGS = {b"\xfd7zXZ\0": "xz", b"BZh": "bzip2"}
"""How an archive begins that is packed by a program of this name, and is not read here."""


class CannotInspect(Exception):
    """An image or an archive cannot be looked into; the message says why and what to do."""


class NoSuchImage(CannotInspect):
    """An engine answers, and has no image of this name."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is asked for."""

    names: tuple[str, ...]
    """Images, variants of the tutorial, or archive files: one or two."""
    options: StartOptions
    limits: Limits
    as_json: bool
    export: str | None
    """`csv`, `json` or `svg`."""
    packed: bool = False
    """Also measure what a registry would hold, where it would not be measured anyway."""


def run(wanted: Wanted) -> Exit:
    """Look into the images, print what is inside, and check the limits."""
    measure_packed = wanted.packed or wanted.as_json or wanted.export == "json"
    try:
        found = _look_into(wanted, measure_packed=measure_packed)
    except NoEngine as error:
        return no_engine(error)
    except CannotInspect as error:
        narrate(f"jettison: {error}")
        return Exit.USAGE
    insight = gain_insight([inside for inside, _, _ in found], found[-1][2].discarded)
    images = [image for _, image, _ in found]
    _print(wanted, insight, images)
    return _check(wanted.limits, insight, images)


Found = tuple[Inside, Image | None, Look]


def _look_into(wanted: Wanted, *, measure_packed: bool) -> list[Found]:
    """Each image's inside, and the engine's words on it where an engine has it. Raises CannotInspect, NoEngine."""
    bench: Workbench | None = None
    found: list[Found] = []
    for number, name in enumerate(wanted.names):
        dockerfile = wanted.options.dockerfiles[number] if number < len(wanted.options.dockerfiles) else None
        if name == STDIN or _is_meant_as_file(name):
            found.append(_archive(name, dockerfile, measure_packed=measure_packed))
            continue
        try:
            bench = bench or open_workbench(wanted.options)
            image, look = _named_image(bench, wanted.options, name, dockerfile)
        except (NoEngine, NoSuchImage):
            if not Path(name).is_file():
                raise
            narrate(f"{name}: no engine has an image of this name; the file ./{name} is taken.")
            found.append(_archive(name, dockerfile, measure_packed=measure_packed))
            continue
        found.append((_inside(bench, look, measure_packed=measure_packed), image, look))
    return found


def _is_meant_as_file(name: str) -> bool:
    """Whether a name is that of an archive, there or not: no image's name begins like this, and hardly one ends so."""
    return name.startswith(("/", "./", "../", "~")) or Path(name).suffix in ARCHIVE_SUFFIXES


def _named_image(bench: Workbench, options: StartOptions, name: str, dockerfile: Path | None) -> tuple[Image, Look]:
    """The image of this name, with a word where a file has the same. Raises CannotInspect."""
    if not Path(name).is_file():
        return _image(bench, options, name, dockerfile)
    if bench.engine.info.recorded_on is not None and options.engine is None:
        raise NoSuchImage("Only a recording answers, and it was not asked for.")
    found = _image(bench, options, name, dockerfile)
    narrate(f"{name}: the image is taken. There is a file of this name, too: jettison inspect ./{name} reads that.")
    return found


def _archive(name: str, dockerfile: Path | None, *, measure_packed: bool) -> Found:
    shown = "stdin" if name == STDIN else name
    title = Path(shown).name
    look = _look(name, "", 0, dockerfile)
    try:
        with _opened(name) as file:
            narrate(f"{title}: reading its layers")
            archive = read_archive(_pieces(file, name), measure_packed=measure_packed)
        if len(archive.images) > 1:
            narrate(f"{title} has {len(archive.images)} images; this is about the first.")
        image = archive.images[0]
        anatomy = dissect(image.config, image.layers, look.chain)
    except OSError as error:
        raise CannotInspect(f"{shown} cannot be read: {error.strerror}. Name an archive of docker save.") from error
    except ArchiveDamaged as error:
        raise CannotInspect(f"{shown}: {error}") from error
    return Inside(name, title, image.config.image_id, anatomy), None, look


def _pieces(file: BinaryIO, name: str) -> Iterator[bytes]:
    """What is in an archive. Raises CannotInspect where it is packed in a way that is not read, and OSError."""
    piece = file.read(READ_BYTES)
    packer = next((packer for head, packer in UNREAD_PACKINGS.items() if piece.startswith(head)), None)
    if packer is not None:
        shown = "stdin" if name == STDIN else name
        unpacking = f"{packer} -dc" if name == STDIN else f"{packer} -dc {shlex.quote(name)}"
        raise CannotInspect(
            f"{shown} is packed with {packer}; gzip, zstd and plain archives are read here. "
            f"Unpack it on the way: {unpacking} | jettison inspect -"
        )
    while piece:
        yield piece
        piece = file.read(READ_BYTES)


def _opened(name: str) -> BinaryIO:
    """An archive to read from. Raises OSError."""
    # Its end must not close what others may still read.
    return open(sys.stdin.fileno(), "rb", closefd=False) if name == STDIN else Path(name).expanduser().open("rb")


def _image(bench: Workbench, options: StartOptions, name: str, dockerfile: Path | None) -> tuple[Image, Look]:
    """An image of the engine: by its name or ID, or as a variant of the tutorial that was built."""
    project = options.project() if not options.dockerfiles else edition(options.edition)
    variants = {variant.name: variant for variant in (*project.variants, *project.stages)}
    try:
        if name in variants:
            if bench.engine.info.recorded_on is not None:
                build_all(bench, project, [variants[name]], options, logs=False)
            image = bench.engine.inspect(bench.request(project, variants[name]).tag)
        else:
            image = bench.engine.inspect(name)
    except ImageNotFound as error:
        built = f" jettison build {name} builds it." if name in variants else ""
        raise NoSuchImage(f"{error.what}{built or ' ' + error.advice}") from error
    except EngineError as error:
        raise CannotInspect(f"{error.what} {error.advice}") from error
    return image, _look(
        name, image.image_id, image.size_bytes, dockerfile or _own_dockerfile(bench, image), bench, image
    )


def _own_dockerfile(bench: Workbench, image: Image) -> Path | None:
    """The Dockerfile of an image that was built here from the tutorial's files."""
    for name in EDITIONS:
        project = edition(name)
        for variant in (*project.variants, *project.stages):
            if bench.request(project, variant).tag in image.tags:
                return variant.dockerfile
    return None


def _look(
    name: str,
    image_id: str,
    size_bytes: int,
    dockerfile: Path | None,
    bench: Workbench | None = None,
    image: Image | None = None,
) -> Look:
    if dockerfile is None:
        return Look(name, name, image_id, size_bytes)
    try:
        read = parse(dockerfile.read_text("utf-8", "replace"))
    except OSError as error:
        raise CannotInspect(f"{dockerfile} cannot be read: {error.strerror}.") from error
    target = _target(bench, image) if bench is not None and image is not None else None
    return Look(name, name, image_id, size_bytes, chain_of(read, target), discarded_of(read, target))


def _target(bench: Workbench, image: Image) -> str | None:
    """The stage that an image of the tutorial was stopped at."""
    for name in EDITIONS:
        project = edition(name)
        for stage in project.stages:
            if bench.request(project, stage).tag in image.tags:
                return stage.target
    return None


def _inside(bench: Workbench, look: Look, *, measure_packed: bool) -> Inside:
    """Read it out of the engine, with a word on what takes so long. Ctrl+C ends it."""
    inspection = bench.inspector.add([look], measure_packed=measure_packed)
    reading = False
    try:
        while True:
            for item in bench.outbox.wait(1.0):
                if item.sender != inspection.id:
                    continue
                match item.event:
                    case ImageAsked():
                        narrate(f"{look.title}: the engine gathers its layers")
                    case ImageArrives() if not reading:
                        reading = True
                        narrate(f"{look.title}: reading them")
                    case InspectionFailed(what, advice):
                        raise CannotInspect(f"{what} {advice}")
                    case InspectionCancelled():
                        raise KeyboardInterrupt
                    case LookedInside(insight):
                        return insight.images[0]
    except KeyboardInterrupt:
        bench.inspector.cancel()
        raise


def _check(limits: Limits, insight: Insight, images: Sequence[Image | None]) -> Exit:
    """Say what breaks which limit."""
    broken = [
        f"{inside.title}: {words}"
        for inside, image in zip(insight.images, images, strict=True)
        for words in violations(inside.anatomy, image_size(image, inside.anatomy)[0], limits)
    ]
    for words in broken:
        narrate(f"✗ {words}")
    return Exit.CHECK_FAILED if broken else Exit.FINE


def _print(wanted: Wanted, insight: Insight, images: Sequence[Image | None]) -> None:
    if wanted.as_json or wanted.export == "json":
        print_json(report_json(insight, list(images)))
    elif wanted.export is not None:
        named = [(one.title, one.anatomy) for one in insight.images]
        figures = [format.size(one.anatomy.unpacked_bytes) for one in insight.images]
        sys.stdout.write(as_csv(named) if wanted.export == "csv" else as_svg(named, figures))
    else:
        print_tables(insight, images)
