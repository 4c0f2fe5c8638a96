"""What an ELF file tells of itself, read out of its headers; nothing is run, and no damage makes it fail.

The format: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tui.image.content import Content
from tui.image.go_build_info import read_go_build_info
from tui.image.model import Program

MAGIC = b"\x7fELF"
SMALLEST = 52
"""The length of the shorter one of its headers."""

_EXECUTABLE, _SHARED = 2, 3
_INTERPRETER, _DYNAMIC, _LOADED = 3, 2, 1
_WRITABLE = 2
_SYMBOLS = 2
_NEEDED, _STRINGS, _SONAME, _FLAGS_1 = 1, 5, 14, 0x6FFFFFFB
_IS_PIE = 0x08000000
_MOST_SEGMENTS, _MOST_DYNAMIC_ENTRIES = 1024, 4096
_MOST_LIBRARIES = 1000
_LONGEST_TEXT = 4096
_LONGEST_NAMES = 1 << 20
_LONGEST_HEADER = 64

_MACHINES = {
    3: "386",
    21: "ppc64",
    22: "s390x",
    40: "arm",
    62: "amd64",
    183: "arm64",
    243: "riscv64",
    258: "loong64",
}
_MIPS = 8


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the structures of one class of ELF files lie; the byte order goes in front."""

    header: str
    segment: str
    section: str
    dynamic: str


_LAYOUTS = {
    1: _Layout("16x HH4xIII4x HHHHHH", "IIIIIII4x", "II8xII16x", "II"),
    2: _Layout("16x HH4xQQQ4x HHHHHH", "IIQQ8xQ16x", "II16xQQ24x", "QQ"),
}


class Segment(NamedTuple):
    """A part of the file that is mapped into memory, or that tells something."""

    kind: int
    flags: int
    offset: int
    address: int
    size: int
    """Bytes in the file."""


class _Section(NamedTuple):
    name: int
    kind: int
    offset: int
    size: int


class ElfFile:
    """The headers of an ELF file, as far as they can be read. `content` may be its beginning only."""

    def __init__(self, content: Content) -> None:
        self.content = content
        head = content.between(0, _LONGEST_HEADER).ljust(_LONGEST_HEADER, b"\0")
        self.is_wide = head[4] == 2
        self._order = ">" if head[5] == 2 else "<"
        self._layout = _LAYOUTS.get(head[4], _LAYOUTS[1])
        shape = struct.Struct(self._order + self._layout.header)
        (
            self.kind,
            self.machine,
            _,
            segments_at,
            sections_at,
            _,
            segment_size,
            segments,
            section_size,
            sections,
            names,
        ) = shape.unpack_from(head)
        segment_rows = self._rows(self._layout.segment, segments_at, segment_size, min(segments, _MOST_SEGMENTS))
        self.segments = list(map(self._segment, segment_rows))
        section_rows = self._rows(self._layout.section, sections_at, section_size, sections)
        self.sections = list(map(_Section._make, section_rows))
        self.has_all_sections = not sections_at or len(self.sections) == sections
        """Whether the table of sections is here as a whole."""
        self._names = self.sections[names] if names < len(self.sections) else None

    @property
    def is_little(self) -> bool:
        """Whether the lowest byte of a number comes first."""
        return self._order == "<"

    def machine_name(self) -> str:
        """The machine in Go's words."""
        if self.machine == _MIPS:
            return "mips" + ("64" if self.is_wide else "") + ("le" if self.is_little else "")
        name = _MACHINES.get(self.machine, f"machine {self.machine}")
        return name + "le" if name == "ppc64" and self.is_little else name

    def first(self, kind: int) -> Segment | None:
        """The first segment of a kind."""
        return next((segment for segment in self.segments if segment.kind == kind), None)

    def section_span(self, name: bytes) -> tuple[int, int] | None:
        """Where a section of this name begins and ends in the file."""
        if self._names is None:
            return None
        start = self._names.offset
        names = self.content.between(start, start + min(self._names.size, _LONGEST_NAMES))
        wanted = name + b"\0"
        # Most files have no such section: one look at all names tells.
        if wanted not in names:
            return None
        for section in self.sections:
            if names.startswith(wanted, section.name):
                return section.offset, section.offset + section.size
        return None

    def offset_of(self, address: int) -> int | None:
        """Where in the file that lies which is mapped to an address."""
        for segment in self.segments:
            if segment.kind == _LOADED and segment.address <= address < segment.address + segment.size:
                return address - segment.address + segment.offset
        return None

    def text_at(self, offset: int) -> bytes:
        """The text at an offset, up to its zero byte; nothing where it has none."""
        text, end, _ = self.content.between(offset, offset + _LONGEST_TEXT).partition(b"\0")
        return text if end else b""

    def writable_span(self) -> tuple[int, int] | None:
        """Where the first part that is mapped writable begins and ends in the file."""
        for segment in self.segments:
            if segment.kind == _LOADED and segment.flags & _WRITABLE:
                return segment.offset, segment.offset + segment.size
        return None

    def dynamic(self) -> dict[int, list[int]]:
        """What is asked of the dynamic loader: the values under each tag."""
        found: dict[int, list[int]] = {}
        segment = self.first(_DYNAMIC)
        shape = struct.Struct(self._order + self._layout.dynamic)
        count = min(segment.size // shape.size, _MOST_DYNAMIC_ENTRIES) if segment else 0
        for tag, value in self._rows(self._layout.dynamic, segment.offset if segment else 0, shape.size, count):
            if tag == 0:
                break
            found.setdefault(tag, []).append(value)
        return found

    def _rows(self, layout: str, offset: int, length: int, count: int) -> Iterator[tuple[int, ...]]:
        """The rows of a table that are here."""
        shape = struct.Struct(self._order + layout)
        if length < shape.size or not offset:
            return iter(())
        table = self.content.between(offset, offset + count * length)
        if length == shape.size:
            return shape.iter_unpack(table[: len(table) // length * length])
        return (shape.unpack_from(table, start) for start in range(0, len(table) - shape.size + 1, length))

    def _segment(self, row: tuple[int, ...]) -> Segment:
        if self.is_wide:
            kind, flags, offset, address, size = row
        else:
            kind, offset, address, _, size, _, flags = row
        return Segment(kind, flags, offset, address, size)


def read_program(content: Content) -> Program | None:
    """What a file tells, or its beginning; None where it is no ELF file."""
    if content.length < SMALLEST or content.between(0, len(MAGIC)) != MAGIC:
        return None
    file = ElfFile(content)
    loader = file.first(_INTERPRETER)
    dynamic = file.dynamic()
    libraries = _libraries(file, dynamic)
    is_pie = any(flags & _IS_PIE for flags in dynamic.get(_FLAGS_1, []))
    version, module = read_go_build_info(file)
    return Program(
        # The C library can be started too and asks for a loader; its name for others to ask for gives it away.
        is_executable=file.kind == _EXECUTABLE
        or (file.kind == _SHARED and (is_pie or (loader is not None and _SONAME not in dynamic))),
        is_static=not (loader is not None or _NEEDED in dynamic),
        is_stripped=file.has_all_sections and all(section.kind != _SYMBOLS for section in file.sections),
        machine=file.machine_name(),
        interpreter=file.text_at(loader.offset).decode("utf-8", "replace") if loader else "",
        libraries=libraries,
        go_version=version,
        go_module=module,
    )


def _libraries(file: ElfFile, dynamic: dict[int, list[int]]) -> tuple[str, ...]:
    table = file.offset_of(dynamic.get(_STRINGS, [0])[0])
    if table is None:
        return ()
    starts = dynamic.get(_NEEDED, [])[:_MOST_LIBRARIES]
    names = [file.text_at(table + start).decode("utf-8", "replace") for start in starts]
    return tuple(name for name in names if name)
