"""An image's configuration file, as Docker and OCI write it.

The format: https://github.com/opencontainers/image-spec/blob/main/config.md
"""

from __future__ import annotations

from tui.image.json_values import as_list, as_object, as_text, as_texts
from tui.image.model import HistoryEntry, ImageConfig

MOST_HISTORY = 5000
"""Lines. Settings of an image make some besides its layers, and all of them are held against a Dockerfile."""


def read_config(data: dict[str, object], image_id: str) -> ImageConfig:
    """An image's settings out of the file's JSON; what is missing or of a wrong type is empty."""
    settings = as_object(data.get("config"))
    return ImageConfig(
        image_id=image_id,
        diff_ids=as_texts(as_object(data.get("rootfs")).get("diff_ids")),
        history=_history(as_list(data.get("history"))),
        platform="/".join(filter(None, (as_text(data.get(key)) for key in ("os", "architecture", "variant")))),
        user=as_text(settings.get("User")),
        entrypoint=as_texts(settings.get("Entrypoint")),
        command=as_texts(settings.get("Cmd")),
        working_folder=as_text(settings.get("WorkingDir")),
        environment=as_texts(settings.get("Env")),
        exposed_ports=tuple(sorted(as_object(settings.get("ExposedPorts")))),
        labels={key: as_text(value) for key, value in as_object(settings.get("Labels")).items()},
    )


def _history(entries: list[object]) -> tuple[HistoryEntry, ...]:
    """Nothing where it is longer than any that tells of layers."""
    return tuple(_history_entry(as_object(entry)) for entry in entries) if len(entries) <= MOST_HISTORY else ()


def _history_entry(entry: dict[str, object]) -> HistoryEntry:
    return HistoryEntry(as_text(entry.get("created_by")), entry.get("empty_layer") is True)
