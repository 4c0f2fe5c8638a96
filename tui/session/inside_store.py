"""What is known of the insides of images: their layers' indexes and their settings, kept so that each is read once.

Layers are kept by their `diff_id`, so images that share a base share its index. What comes with the recordings is
looked into as well, and never written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from tui.engine.codec import decode, encode
from tui.image.model import ImageConfig, LayerIndex
from tui.image.store import LayerStore
from tui.session.paths import cache_folder, recordings_folder
from tui.session.storage import write_json

VERSION = 1
KEPT_CONFIGS = 500
StoredInside = tuple[ImageConfig, tuple[LayerIndex, ...]]
"""Settings and layers, the lowest first."""


class InsideStore:
    """The insides of images, in a folder that may be deleted at any time."""

    def __init__(self, folder: Path, recorded: Sequence[Path] = ()) -> None:
        self._configs = folder / "images"
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

    def keep(self, image_id: str, config: ImageConfig, layers: Sequence[LayerIndex]) -> None:
        """Remember an image. Raises OSError where the cache cannot be written."""
        for layer in layers:
            self._layers.put(layer)
        write_json(self._configs / _file_name(image_id), VERSION, {"config": encode(config)})
        for old in sorted(self._configs.glob("*.json"), key=os.path.getmtime)[:-KEPT_CONFIGS]:
            old.unlink(missing_ok=True)

    def _config(self, image_id: str) -> ImageConfig | None:
        for folder in (self._configs, *self._recorded):
            file = folder / _file_name(image_id)
            if file.is_file():
                return _read_config(file)
        return None


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


def _file_name(image_id: str) -> str:
    return image_id.removeprefix("sha256:") + ".json"
