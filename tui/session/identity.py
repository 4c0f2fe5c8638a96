"""Who a learner is on a shared engine: a short prefix in front of every tag, and a label on every image."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from tui.session.paths import state_folder
from tui.session.storage import read_json, write_json

OWNER_LABEL = "jettison.owner"
VERSION = 1
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without those that look alike."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A learner's prefix, the same from session to session: `jettison-k3f9`."""

    prefix: str

    def tag(self, project: str, variant: str) -> str:
        """The tag of a variant's image: `jettison-k3f9/simple:current`."""
        return f"{self.prefix}/{variant}:{project}"

    @property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """What every image of theirs carries."""
        return ((OWNER_LABEL, self.prefix),)


def own_identity() -> Identity:
    """The learner's prefix, made up at the first call and kept in the state folder. Raises OSError."""
    file = state_folder() / "identity.json"
    prefix = read_json(file, VERSION).data.get("prefix")
    if not isinstance(prefix, str) or not prefix.startswith("jettison-"):
        prefix = "jettison-" + "".join(secrets.choice(LETTERS) for _ in range(4))
        write_json(file, VERSION, {"prefix": prefix})
    return Identity(prefix)
