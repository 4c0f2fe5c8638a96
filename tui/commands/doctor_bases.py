"""What `jettison doctor` tells of base images: which are here, what the others weigh, whether there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui.engine.api import Engine
from tui.printable import printable
from tui.session import format
from tui.session.base_images import BaseImage, BaseState, images_wanted, look_up_bases, room_for
from tui.session.variants import Project

SIGNS = {
    BaseState.HERE: "✓",
    BaseState.CACHED: "✓",
    BaseState.TO_PULL: "·",
    BaseState.REFUSED: "✗",
    BaseState.UNKNOWN: "?",
}
INDENT = " " * 15


@dataclass(frozen=True, slots=True)
class ProjectBases:
    """The images from outside that one project's Dockerfiles name."""

    project: Project
    bases: tuple[BaseImage, ...]


def look_up_projects(engine: Engine, projects: Sequence[Project]) -> tuple[ProjectBases, ...]:
    """How the bases of all these projects stand; each image is asked for once. Raises OSError."""
    builder = engine.info.builder
    wanted = {
        project.name: images_wanted([variant.dockerfile for variant in project.variants], builder)
        for project in projects
    }
    every = dict.fromkeys(image for images in wanted.values() for image in images)
    found = {base.wanted: base for base in look_up_bases(engine, every)}
    return tuple(ProjectBases(project, tuple(found[image] for image in wanted[project.name])) for project in projects)


def bases_json(found: Sequence[ProjectBases]) -> list[dict[str, Any]]:
    """For programs; bytes are of packed layers, and null where they are not known."""
    return [
        {
            "project": one.project.name,
            "images": [_image_json(base) for base in one.bases],
            "to_pull_bytes": (room := room_for(one.bases)).packed_bytes,
            "images_of_unknown_size": room.unweighed,
            "disk_bytes_estimated": room.needed_bytes,
        }
        for one in found
    ]


def print_bases(found: Sequence[ProjectBases], free_bytes: int | None) -> None:
    """For people, a line an image."""
    advised: set[str] = set()
    for one in found:
        print(f"  images of    {printable(one.project.name)}")
        for base in one.bases:
            frontend = ", the frontend" if base.wanted.is_frontend else ""
            print(f"{SIGNS[base.state]}              {printable(base.name)}{frontend}: {printable(base.words)}")
            # Without a network it is the same for all of them.
            if base.advice and base.advice not in advised:
                advised.add(base.advice)
                print(f"{INDENT}{printable(base.advice)}")
    if line := room_line(found, free_bytes):
        print(line)


def room_line(found: Sequence[ProjectBases], free_bytes: int | None) -> str:
    """Whether all that is missing fits; empty where nothing is, or nothing is known of the disk."""
    room = room_for({base.wanted: base for one in found for base in one.bases}.values())
    if not room.packed_bytes or free_bytes is None:
        return ""
    more = f" and {room.unweighed} of unknown size" if room.unweighed else ""
    sign = "✓" if room.is_enough(free_bytes) else "✗"
    needed, pulled = format.size(room.needed_bytes), format.size(room.packed_bytes)
    free = format.size(free_bytes)
    return f"{sign} room         {pulled}{more} to pull, which take about {needed} of {free} (an estimate)"


def _image_json(base: BaseImage) -> dict[str, Any]:
    offer = base.offer
    return {
        "name": base.name,
        "frontend": base.wanted.is_frontend,
        "state": base.state.value,
        "size_bytes": base.size_bytes,
        "stand_in": base.stand_in,
        "packed_bytes": offer.packed_bytes if offer else None,
        "layers": offer.layers if offer else None,
        "digest": offer.digest or None if offer else None,
        "registry": offer.reference.host if offer else None,
        "answered_by": offer.answered_by or None if offer else None,
        "user": offer.user if offer else None,
        "pulls_left": offer.pulls_left if offer else None,
        "cause": base.cause.value if base.cause else None,
        "message": base.what or None,
        "advice": base.advice or None,
    }
