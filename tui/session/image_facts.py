"""What lessons judge an image by, gathered from its inside: the facts of tui/course in the figures of tui/image."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from tui.course.facts import Facts, ProgramFact, Unknown
from tui.engine.model import Image
from tui.image.anatomy import COUNTED, Anatomy
from tui.image.merge import Fate, Place
from tui.image.provenance import bringers

NEEDS_RUN = Unknown("no container of it was started yet")
NOT_OPENED = Unknown("nobody has looked inside the image yet")
SEARCHED = ("usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin")
"""Where a command without a slash is looked for."""


def facts_of(image: Image, anatomy: Anatomy | None, stages: Sequence[str] = ()) -> Facts:
    """The facts of an image. `stages` are the names of its Dockerfile's stages."""
    outside = Facts(size_bytes=image.size_bytes, stages=tuple(stages), log=NEEDS_RUN, ending=NEEDS_RUN)
    if anatomy is None:
        return Facts(
            size_bytes=outside.size_bytes, user=image.user, stages=outside.stages, log=NEEDS_RUN, ending=NEEDS_RUN,
            unpacked_bytes=NOT_OPENED, base_bytes=NOT_OPENED, program=NOT_OPENED, files=NOT_OPENED, buried=NOT_OPENED,
            repeated=NOT_OPENED, layers=NOT_OPENED, command=NOT_OPENED,
        )  # fmt: skip
    config = anatomy.config
    return Facts(
        size_bytes=image.size_bytes,
        unpacked_bytes=anatomy.unpacked_bytes,
        base_bytes=base_bytes(anatomy),
        program=started_program(anatomy),
        files=dict(_live_files(anatomy)),
        buried=_summed(_buried(anatomy)),
        repeated=_summed(_repeated(anatomy)),
        user=config.user,
        layers=anatomy.facts.layer_count,
        command=(*config.entrypoint, *config.command),
        stages=outside.stages,
        log=NEEDS_RUN,
        ending=NEEDS_RUN,
    )


def base_bytes(anatomy: Anatomy) -> int:
    """What the base image brought: all layers that are none of the Dockerfile's own."""
    pairs = zip(anatomy.layers, bringers(anatomy.origins), strict=True)
    return sum(layer.size_bytes for layer, bringer in pairs if bringer.is_base)


def started_program(anatomy: Anatomy) -> ProgramFact | Unknown | None:
    """The program that a container starts; None where there is no file."""
    config, merged = anatomy.config, anatomy.merged
    command = (*config.entrypoint, *config.command)
    if not command:
        return None
    name = command[0]
    paths = (
        [posixpath.join(config.working_folder or "/", name)]
        if "/" in name
        else [f"/{folder}/{name}" for folder in SEARCHED]
    )
    reached = next(filter(None, (merged.resolve(posixpath.normpath(path)) for path in paths)), None)
    place = merged.find(reached) if reached is not None else None
    if place is None:
        return None
    place = merged.content(place)
    layer, member = anatomy.layers[place.layer], place.member
    program = layer.programs.get(member)
    if program is None:
        return Unknown(f"{name} is no program of machine code")
    return ProgramFact(f"/{reached}", layer.sizes[member], program.is_static, program.interpreter, program.libraries)


def _live_files(anatomy: Anatomy) -> Iterator[tuple[str, int]]:
    for path, place in anatomy.merged.live_members():
        layer = anatomy.layers[place.layer]
        if layer.kinds[place.member] in COUNTED:
            yield path, layer.sizes[place.member]


def _gone(anatomy: Anatomy) -> Iterator[tuple[str, Place, int]]:
    for index, layer in enumerate(anatomy.layers):
        fates = anatomy.merged.fates[index]
        for member, kind in enumerate(layer.kinds):
            if kind in COUNTED and fates[member] in (Fate.REPLACED, Fate.REMOVED):
                yield layer.paths[member], Place(index, member), layer.sizes[member]


def _buried(anatomy: Anatomy) -> Iterator[tuple[str, int]]:
    for path, _, size in _gone(anatomy):
        yield path, size


def _repeated(anatomy: Anatomy) -> Iterator[tuple[str, int]]:
    for path, place, size in _gone(anatomy):
        live = anatomy.merged.find(path)
        if live is None or not size:
            continue
        live = anatomy.merged.content(live)
        if anatomy.layers[live.layer].digest(live.member) == anatomy.layers[place.layer].digest(place.member):
            yield path, size


def _summed(pairs: Iterator[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for path, size in pairs:
        sums[path] = sums.get(path, 0) + size
    return sums
