"""Layers by hand: the smallest thing that the image's anatomy can be shown on."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from tui.image.model import DIGEST_BYTES, HistoryEntry, ImageConfig, Kind, LayerIndex, Program


@dataclass(frozen=True)
class Member:
    """One member, as a test writes it down."""

    path: str
    kind: Kind = Kind.FILE
    size: int = 0
    content: str = ""
    """Two files are the same where this and the size are."""
    link: str | None = None
    mode: int = 0o644
    program: Program | None = None


def file(path: str, size: int, content: str = "", mode: int = 0o644, program: Program | None = None) -> Member:
    return Member(path, Kind.FILE, size, content or path, mode=mode, program=program)


def folder(path: str, mode: int = 0o755) -> Member:
    return Member(path, Kind.FOLDER, mode=mode)


def symlink(path: str, target: str) -> Member:
    return Member(path, Kind.SYMLINK, len(target), link=target, mode=0o777)


def hard_link(path: str, target: str) -> Member:
    return Member(path, Kind.HARDLINK, link=target)


def whiteout(path: str) -> Member:
    return Member(path, Kind.WHITEOUT)


def opaque(path: str) -> Member:
    return Member(path, Kind.OPAQUE)


def layer(*members: Member, diff_id: str = "") -> LayerIndex:
    """A layer of these members, in this order; its `diff_id` is made of them where none is given."""
    return LayerIndex(
        diff_id=diff_id or "sha256:" + hashlib.sha256(repr(members).encode("utf-8", "surrogateescape")).hexdigest(),
        paths=tuple(member.path for member in members),
        kinds=bytes(member.kind for member in members),
        sizes=array("q", (member.size for member in members)),
        modes=array("H", (member.mode for member in members)),
        uids=array("L", bytes(array("L").itemsize * len(members))),
        gids=array("L", bytes(array("L").itemsize * len(members))),
        digests=b"".join(map(digest_of, members)),
        links={index: member.link for index, member in enumerate(members) if member.link is not None},
        programs={index: member.program for index, member in enumerate(members) if member.program},
    )


def settings(
    layers: Iterable[LayerIndex], *history: str, user: str = "", environment: tuple[str, ...] = ()
) -> ImageConfig:
    """The settings of an image of these layers. Each line of history has a layer, unless it begins with `empty: `."""
    entries = tuple(HistoryEntry(line.removeprefix("empty: "), line.startswith("empty: ")) for line in history)
    return ImageConfig(
        "sha256:" + "0" * 64, tuple(a.diff_id for a in layers), entries, user=user, environment=environment
    )


def go_program(module: str = "example.com/echo", *, is_static: bool = True) -> Program:
    return Program(
        is_executable=True,
        is_static=is_static,
        is_stripped=False,
        machine="amd64",
        go_version="go1.27.3",
        go_module=module,
    )


def digest_of(member: Member) -> bytes:
    """What stands for its content."""
    if member.kind is not Kind.FILE:
        return bytes(DIGEST_BYTES)
    return hashlib.sha256(f"{member.content} {member.size}".encode("utf-8", "surrogateescape")).digest()[:DIGEST_BYTES]
