"""The build context as an option: a folder of this machine. What docker would fetch from elsewhere is told apart."""

from __future__ import annotations

import re
from pathlib import Path

import click

_REMOTE = re.compile(r"-|(?:https?|git|ssh)://.*|github\.com/.*|git@.*", re.IGNORECASE)
"""What `docker build` takes for stdin, an archive's address or a git repository, unless a folder is called so."""


class ContextFolder(click.ParamType[Path]):
    """A folder. Whether it exists is looked at later, with the Dockerfiles."""

    name = "FOLDER"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Read it; click tells of contexts that are elsewhere."""
        text = str(value)
        if _REMOTE.fullmatch(text) and not Path(text).is_dir():
            self.fail(
                f"{text!r} is a remote context; builds here start from a folder. "
                "Fetch it first (git clone, or curl and tar), then name the folder.",
                param,
                ctx,
            )
        return Path(text)


CONTEXT_FOLDER = ContextFolder()
