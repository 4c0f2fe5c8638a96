"""What is known of the insides of images: their layers' indexes and their settings, kept so that each is read once.

Layers are kept by their `diff_id`, so images that share a base share its index. Where an archive calls a layer by the
digest of what it is packed as, it is kept which layer that is. Archives as engines wrote them before containerd's store
call layers by neither: there, a base layer passes with each image anew. What comes with the recordings is looked into
as well, and never written.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tui.engine.codec import decode, encode
from tui.image.model import ImageConfig, LayerIndex
from tui.image.store import LayerStore
from tui.session.paths import cache_folder, recordings_folder
from tui.session.storage import write_json

VERSION = 1
KEPT_CONFIGS = 500
KEPT_PACKED = 2000
_hex_of = re.compile(r"(?:sha256:)?([0-9a-f]{64})").fullmatch
StoredInside = tuple[ImageConfig, tuple[LayerIndex, ...]]
"""Settings and layers, the lowest first."""


class InsideStore:
    """The insides of images, in a folder that may be deleted at any time."""

    def __init__(self, folder: Path, recorded: Sequence[Path] = ()) -> None:
        self._configs = folder / "images"
        self._packed_file = folder / "packed.json"
        self._recorded = [path / "images" for path in recorded]
        for part in (self._configs, folder / "layers"):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._layers = LayerStore(folder / "layers", also=[path / "layers" for path in recorded])

    def find(self, image_id: str) -> StoredInside | None:
        """The inside of an image (by the engine's ID), or None where some of it is not known."""
        config = self._config(image_id)
        if config is None:
            return None
        layers: list[LayerIndex] = []
        for diff_id in config.diff_ids:
            layer = self._layers.get(diff_id)
            if layer is None:
                return None
            layers.append(layer)
        return config, tuple(layers)

    def layer(self, diff_id: str) -> LayerIndex | None:
        """One layer, if it is known."""
        return self._layers.get(diff_id)

    def packed_layer(self, digest: str) -> LayerIndex | None:
        """One layer by the digest of what it is packed as, if it is known."""
        diff_id = self._packed().get(digest)
        return self._layers.get(diff_id) if diff_id is not None else None

    def keep(
        self, image_id: str, config: ImageConfig, layers: Sequence[LayerIndex], packed: Mapping[str, str] | None = None
    ) -> None:
        """Remember an image; `packed` tells for what its layers are packed as which `diff_id` they have, by digest.

        Raises OSError where the cache cannot be written.
        """
        for layer in layers:
            self._layers.put(layer)
        if packed:
            kept = list((self._packed() | dict(packed)).items())[-KEPT_PACKED:]
            write_json(self._packed_file, VERSION, {"diff_ids": dict(kept)})
        name = _file_name(image_id)
        if name is None:
            return
        write_json(self._configs / name, VERSION, {"config": encode(config)})
        for old in sorted(self._configs.glob("*.json"), key=os.path.getmtime)[:-KEPT_CONFIGS]:
            old.unlink(missing_ok=True)

    def _packed(self) -> dict[str, str]:
        """Digest of a packed layer → `diff_id`, of those that came last."""
        try:
            data = json.loads(self._packed_file.read_text("utf-8"))
            found = dict(data["diff_ids"]) if data["version"] == VERSION else {}
        except (OSError, KeyError, TypeError, ValueError):
            # Never written, cut short, or of another version: the layers are read anew.
            return {}
        return {key: value for key, value in found.items() if isinstance(value, str)}

    def _config(self, image_id: str) -> ImageConfig | None:
        name = _file_name(image_id)
        if name is None:
            return None
        files = (folder / name for folder in (self._configs, *self._recorded))
        file = next((file for file in files if file.is_file()), None)
        return _read_config(file) if file is not None else None


def own_store() -> InsideStore:
    """The learner's own, in the cache folder, with what comes with the recordings. Raises OSError."""
    return InsideStore(cache_folder() / "insides", [recordings_folder()])


def _read_config(file: Path) -> ImageConfig | None:
    try:
        data = json.loads(file.read_text("utf-8"))
        config: ImageConfig = decode(ImageConfig, data["config"])
    except (OSError, KeyError, TypeError, ValueError):
        # Cut short, or of another version: it is read anew.
        return None
    return config if data.get("version") == VERSION else None


def _file_name(image_id: str) -> str | None:
    """None for what is no ID: an engine's word must not lead elsewhere."""
    digest = _hex_of(image_id)
    return f"{digest[1]}.json" if digest else None
