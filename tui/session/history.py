"""What earlier builds took, so that a running one can be held against them."""

from __future__ import annotations

from dataclasses import dataclass

from tui.session.paths import state_folder
from tui.session.storage import read_json, write_json

VERSION = 1


@dataclass(frozen=True, slots=True)
class LastBuild:
    """The last build of a subject that succeeded."""

    seconds: float
    cached_steps: int


class BuildHistory:
    """The last build of each subject, kept from session to session."""

    def __init__(self) -> None:
        self._path = state_folder() / "history.json"
        stored = read_json(self._path, VERSION)
        self.warning = stored.warning
        """A sentence where the file had to be set aside."""
        self._builds = {
            str(subject): LastBuild(float(entry["seconds"]), int(entry["cached_steps"]))
            for subject, entry in stored.data.get("builds", {}).items()
        }

    def last(self, subject: str) -> LastBuild | None:
        """The last build of this, if there was one."""
        return self._builds.get(subject)

    def keep(self, subject: str, build: LastBuild) -> None:
        """Remember this build. Raises OSError where the state cannot be written."""
        self._builds[subject] = build
        builds = {
            name: {"seconds": round(kept.seconds, 3), "cached_steps": kept.cached_steps}
            for name, kept in self._builds.items()
        }
        write_json(self._path, VERSION, {"builds": builds})
