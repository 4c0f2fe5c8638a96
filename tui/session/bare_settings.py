"""The inside of an image that has settings and no layers, which some engines refuse to hand out."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from tui.engine.errors import EngineError
from tui.engine.model import Image
from tui.image.model import HistoryEntry, ImageConfig

_port_in = re.compile(r"\b\d+/(?:tcp|udp|sctp)\b")


def has_no_layers(error: EngineError) -> bool:
    """Whether an engine says with this that there is nothing in the image: graph drivers export no empty image."""
    return "empty export" in error.what


def settings_alone(image: Image) -> ImageConfig:
    """Its settings, by what the engine tells of it. All of them are in its history, as nothing is below it."""
    told = [entry.created_by for entry in image.layers]
    return ImageConfig(
        image_id=image.image_id,
        diff_ids=(),
        history=tuple(HistoryEntry(text, is_empty=True) for text in told),
        platform=image.platform,
        user=image.user,
        entrypoint=_words(told, "ENTRYPOINT"),
        command=_words(told, "CMD"),
        exposed_ports=_ports(told),
        labels=image.labels,
    )


def _words(told: Sequence[str], keyword: str) -> tuple[str, ...]:
    """What the last such instruction sets; the shell form means nothing where there is no shell."""
    last = next((text for text in reversed(told) if text.startswith(f"{keyword} ")), "")
    try:
        words = json.loads(last.removeprefix(keyword))
    except ValueError:
        return ()
    return tuple(map(str, words)) if isinstance(words, list) else ()


def _ports(told: Sequence[str]) -> tuple[str, ...]:
    """All that is exposed: `EXPOSE map[8080/tcp:{}]`, as builders write it down."""
    exposed = [text for text in told if text.startswith("EXPOSE ")]
    return tuple(sorted({port for text in exposed for port in _port_in.findall(text)}))
