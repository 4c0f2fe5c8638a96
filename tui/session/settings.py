"""The learner's few settings, kept from session to session."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from tui.session.paths import state_folder
from tui.session.storage import read_json, write_json

VERSION = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """How the learner likes it."""

    theme: str = "jettison-dark"
    at_once: bool = False
    """Both variants at the same time; off, so that their times can be compared."""
    wrap: bool = True
    """Long log lines go on in the next row."""
    notes: bool = False
    """The presenter's notes stand on the pages of the course."""
    name: str = ""
    """The learner's, as their certificate has it."""


def load_settings() -> tuple[Settings, str | None]:
    """The settings, and a sentence where the file had to be set aside."""
    stored = read_json(state_folder() / "settings.json", VERSION)
    return _settings(stored.data), stored.warning


def save_settings(settings: Settings) -> None:
    """Keep them. Raises OSError where the state cannot be written."""
    write_json(state_folder() / "settings.json", VERSION, asdict(settings))


def _settings(data: dict[str, Any]) -> Settings:
    """What fits is taken over; a value of another type falls back to its default."""
    known = {field.name: type(field.default) for field in fields(Settings)}
    return Settings(**{name: data[name] for name, kind in known.items() if type(data.get(name)) is kind})
