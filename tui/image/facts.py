"""Facts of an image that a lesson or a threshold can check, from its settings and its files alone."""

from __future__ import annotations

import struct
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import compress

from tui.image.merge import Fate, Merged
from tui.image.model import DIGEST_BYTES, ImageConfig, Kind, LayerIndex, Program
from tui.image.path_rules import NO_RULE, PathRule, PathTable, path_rule
from tui.image.purposes import PURPOSES, Purpose, standard_rules

SET_UID, SET_GID = 0o4000, 0o2000
MAY_RUN = 0o111


@dataclass(frozen=True, slots=True)
class FoundProgram:
    """One of your programs that a container sees."""

    path: str
    size_bytes: int
    layer: int
    program: Program


@dataclass(frozen=True, slots=True)
class Secret:
    """A file or folder whose name says that it should not be in an image."""

    path: str
    kind: str
    """`private key`"""
    layer: int
    is_hidden: bool
    """No container sees it any more, but its layer still has it, for everybody who pulls the image."""


@dataclass(frozen=True, slots=True)
class SetIdFile:
    """A file that runs with the rights of its owner or group."""

    path: str
    sets_user: bool
    sets_group: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be said of an image in a word or a figure."""

    size_bytes: int
    """Unpacked, all layers."""
    layer_count: int
    """Layers with anything in them."""
    all_layer_count: int
    """Empty ones too."""
    user: str
    """As set; empty where nothing is set, which means root."""
    runs_as_root: bool
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    exposed_ports: tuple[str, ...]
    """`8080/tcp`"""
    programs: tuple[FoundProgram, ...]
    """Your programs, the largest first."""
    duplicate_bytes: int
    """Of live files with the same content: all but one of each."""
    secrets: tuple[Secret, ...]
    set_id_files: tuple[SetIdFile, ...]
    has_ca_certificates: bool
    has_time_zones: bool
    """As files. Whether a Go program carries its own (`time/tzdata`) cannot be told from outside."""
    shell: str
    """The first shell that is there: `/bin/sh`; empty where there is none."""
    has_passwd: bool
    has_tmp: bool
    merged: Merged = field(repr=False, compare=False)

    def has_path(self, path: str) -> bool:
        """Whether a container sees anything at an absolute path, links on the way to it followed."""
        return self.merged.has(path) or self.merged.resolve(path) is not None

    def as_json(self) -> dict[str, object]:
        """All of it as JSON knows it; paths begin with a slash, and odd bytes in names are replaced."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "merged"}
        return {name: _plain(value) for name, value in plain.items()}


def gather(config: ImageConfig, merged: Merged, purposes: Sequence[bytes]) -> Facts:
    """The facts of an image. `purposes` are columns as `purposes_of` makes them."""
    places = _looked_for().places
    return Facts(
        size_bytes=merged.unpacked_bytes,
        layer_count=sum(bool(layer.paths) for layer in merged.layers),
        all_layer_count=len(merged.layers),
        user=config.user,
        runs_as_root=config.user.partition(":")[0] in ("", "0", "root"),
        entrypoint=config.entrypoint,
        command=config.command,
        exposed_ports=config.exposed_ports,
        programs=_programs(merged, purposes),
        duplicate_bytes=_duplicate_bytes(merged),
        secrets=tuple(_secrets(config, merged)),
        set_id_files=tuple(_set_id_files(merged)),
        has_ca_certificates=any(_is_file(merged, path) for path in places["ca_certificates"]),
        has_time_zones=any(_is_file(merged, path) for path in places["time_zones"]),
        shell=next((path for path in places["shells"] if _is_file(merged, path, MAY_RUN)), ""),
        has_passwd=_is_file(merged, "/etc/passwd"),
        has_tmp=_is_folder(merged, "/tmp"),
        merged=merged,
    )


def contents(layer: LayerIndex) -> Iterator[tuple[tuple[bytes], int]]:
    """What tells each member's content from all others: digest and size. It says nothing where there is no content."""
    return zip(struct.iter_unpack(f"{DIGEST_BYTES}s", layer.digests), layer.sizes, strict=True)


@dataclass(frozen=True, slots=True)
class _LookedFor:
    """What `facts.toml` says."""

    kinds: tuple[str, ...]
    patterns: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    """For each kind of secret the paths, and the folders in which they do not count."""
    places: dict[str, tuple[str, ...]]


@lru_cache
def _looked_for() -> _LookedFor:
    document = tomllib.loads(files("tui.image").joinpath("facts.toml").read_text("utf-8"))
    secrets = document["secrets"]
    return _LookedFor(
        tuple(entry["kind"] for entry in secrets),
        tuple((tuple(entry["paths"]), tuple(entry.get("outside", ()))) for entry in secrets),
        {name: tuple(paths) for name, paths in document["places"].items()},
    )


@lru_cache(maxsize=16)
def _secret_rules(folder_sets: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[PathRule, ...]:
    return tuple(path_rule(paths, outside, dict(folder_sets)) for paths, outside in _looked_for().patterns)


def _secrets(config: ImageConfig, merged: Merged) -> Iterator[Secret]:
    rules = _secret_rules(standard_rules().sets_for(config.environment))
    table = PathTable(dict(enumerate(rules)))
    for index, layer in enumerate(merged.layers):
        column = table.column(layer)
        for member in compress(range(len(column)), column.translate(_KNOWN)):
            kind, fate = layer.kinds[member], merged.fates[index][member]
            # Of a folder that is merged, its later entry tells; an empty file has nothing to tell.
            is_told = fate != Fate.MERGED if kind == Kind.FOLDER else kind == Kind.HARDLINK or layer.sizes[member]
            if is_told and kind in (Kind.FILE, Kind.HARDLINK, Kind.FOLDER):
                yield Secret(layer.paths[member], _looked_for().kinds[column[member]], index, fate != Fate.LIVE)


_KNOWN = bytes(int(number != NO_RULE) for number in range(256))


def _programs(merged: Merged, purposes: Sequence[bytes]) -> tuple[FoundProgram, ...]:
    yours = PURPOSES.index(Purpose.YOUR_PROGRAM)
    found = [
        FoundProgram(layer.paths[member], layer.sizes[member], index, program)
        for index, layer in enumerate(merged.layers)
        for member, program in layer.programs.items()
        if purposes[index][member] == yours and not merged.wasted[index][member]
    ]
    return tuple(sorted(found, key=lambda one: (-one.size_bytes, one.path)))


def _duplicate_bytes(merged: Merged) -> int:
    total = 0
    # A number for each content, not a pair: of some hundred thousand, pairs would take more than all names together.
    seen: set[int] = set()
    for layer, wasted in zip(merged.layers, merged.wasted, strict=True):
        counted = layer.kinds.translate(_IS_FILE)
        digests = struct.iter_unpack("=Q", layer.digests)
        for (digest,), size, is_file, is_waste in zip(digests, layer.sizes, counted, wasted, strict=True):
            if is_file and not is_waste:
                content = size << 8 * DIGEST_BYTES | digest
                if content in seen:
                    total += size
                else:
                    seen.add(content)
    return total


_IS_FILE = bytes(int(kind == Kind.FILE) for kind in range(256))


def _set_id_files(merged: Merged) -> Iterator[SetIdFile]:
    for layer, fates in zip(merged.layers, merged.fates, strict=True):
        for member, mode in enumerate(layer.modes):
            if not mode & (SET_UID | SET_GID) or fates[member] != Fate.LIVE:
                continue
            # On a folder the bit only hands its group down.
            if layer.kinds[member] in (Kind.FILE, Kind.HARDLINK):
                yield SetIdFile(layer.paths[member], bool(mode & SET_UID), bool(mode & SET_GID))


def _is_file(merged: Merged, path: str, mode: int = 0) -> bool:
    """Whether a path leads to a file, with one of the bits of `mode` where that is not 0."""
    reached = merged.resolve(path)
    place = merged.find(reached) if reached else None
    if place is None or merged.kind(merged.content(place)) not in (Kind.FILE, Kind.HARDLINK):
        return False
    return not mode or bool(merged.layers[place.layer].modes[place.member] & mode)


def _is_folder(merged: Merged, path: str) -> bool:
    reached = merged.resolve(path)
    if reached is None:
        return False
    place = merged.find(reached)
    return place is None or merged.kind(place) is Kind.FOLDER


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (FoundProgram, Secret, SetIdFile)):
        return _plain(asdict(value) | {"path": f"/{value.path}"})
    return value
