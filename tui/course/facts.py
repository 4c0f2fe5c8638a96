"""What is known of a learner's image, of its build and of a container of it: values alone.

The session fills these in from the inside of the image and from a run; grading reads them. Whatever was not looked at,
or could not be, is `Unknown` with its reason, and never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact that is not known."""

    why: str
    """The rest of a sentence: `no container was started`."""


NOT_LOOKED_AT = Unknown("this was not looked at")


@dataclass(frozen=True, slots=True)
class ProgramFact:
    """The program that a container of the image starts."""

    path: str
    """`/main`"""
    size_bytes: int
    is_static: bool
    interpreter: str = ""
    """The loader that it asks for: `/lib64/ld-linux-x86-64.so.2`."""
    libraries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RebuiltStep:
    """One step of a build that came after an edit."""

    instruction: str
    """`RUN go mod download`"""
    is_cached: bool


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a container answered to a GET."""

    status: int
    body: str = ""
    """Its beginning."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """A container was asked, and nothing came back."""

    why: str
    """A few words: `connection refused`, `nothing answered for 20 s`."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a container ended, where it did by itself."""

    code: int | None
    """Its exit code; None where it never began and the engine tells none."""
    words: str
    """Why, and what to do about it, in a sentence or two."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known. Paths have no leading slash."""

    size_bytes: int | Unknown = NOT_LOOKED_AT
    """The size that the engine shows: some engines count what is packed, and some the packed bytes and the unpacked."""
    unpacked_bytes: int | Unknown = NOT_LOOKED_AT
    """What its layers weigh unpacked. Only this compares with the sizes of files and of the base."""
    base_bytes: int | Unknown = NOT_LOOKED_AT
    """What the base of the last stage weighs, unpacked; 0 for scratch."""
    program: ProgramFact | Unknown | None = NOT_LOOKED_AT
    """None where the image has no file at the path that it would start."""
    files: Mapping[str, int] | Unknown = NOT_LOOKED_AT
    """Every file that a container sees, with its bytes."""
    buried: Mapping[str, int] | Unknown = NOT_LOOKED_AT
    """Every file that a layer holds and a later one deleted or replaced, with its bytes."""
    repeated: Mapping[str, int] | Unknown = NOT_LOOKED_AT
    """Files that more than one layer holds with the same content, with the bytes of the copies nobody sees."""
    user: str | Unknown = NOT_LOOKED_AT
    """As the image has it; empty means root."""
    layers: int | Unknown = NOT_LOOKED_AT
    """Layers that hold anything, those of the base included."""
    command: tuple[str, ...] | Unknown = NOT_LOOKED_AT
    """Entry point and command, as a container starts them."""
    stages: tuple[str, ...] | Unknown = NOT_LOOKED_AT
    """Names of the Dockerfile's stages, as the builder knows them."""
    other_sizes: Mapping[str, int] = field(default_factory=dict)
    """Sizes of other images, by the names that lessons give them."""
    rebuilds: Mapping[str, tuple[RebuiltStep, ...]] = field(default_factory=dict)
    """The build after one line of a file was edited, by the file's name."""
    http: Mapping[str, HttpAnswer | NoAnswer | Unknown] = field(default_factory=dict)
    """Answers, by the path that was asked for."""
    echoes: Mapping[tuple[str, str], str | NoAnswer | Unknown] = field(default_factory=dict)
    """What came back over a WebSocket, by its path and what was said."""
    log: str | Unknown = NOT_LOOKED_AT
    """What the container printed, stdout and stderr."""
    ending: Ending | Unknown | None = NOT_LOOKED_AT
    """How the container ended by itself; None where it ran until it was stopped."""
