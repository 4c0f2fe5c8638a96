"""Why a registry does not give out an image."""

from __future__ import annotations

from dataclasses import replace

from tui.engine.cause import Cause
from tui.engine.errors import EngineError
from tui.engine.registry.pull_words import Pull, what_happened, what_to_do
from tui.engine.registry.reference import Reference, parse_reference


class PullRefused(EngineError):
    """An image cannot be had; `cause` says why, `pull` what is known of it."""

    def __init__(self, cause: Cause, pull: Pull) -> None:
        super().__init__(what_happened(cause, pull), what_to_do(cause, pull))
        self.cause = cause
        self.pull = pull

    def named_by(self, named_by: str) -> PullRefused:
        """The same, for an image that another part of a Dockerfile names: `# syntax=`."""
        return PullRefused(self.cause, replace(self.pull, named_by=named_by))


def read_name(name: str) -> Reference:
    """As `parse_reference`. Raises EngineError."""
    try:
        return parse_reference(name)
    except ValueError as error:
        raise EngineError(f"{error}.", "Check the name.") from error
