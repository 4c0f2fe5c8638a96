"""The build context as an option: a folder of this machine. What docker would fetch from elsewhere is refused."""

from __future__ import annotations

from pathlib import Path

import click


class ContextFolder(click.ParamType[Path]):
    """A folder. Whether it exists is looked at later, with the Dockerfiles."""

    name = "FOLDER"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Read it; click tells of contexts that are elsewhere."""
        from tui.engine.context.remote import is_remote, remote_refusal

        text = str(value)
        if is_remote(text):
            self.fail(remote_refusal(text), param, ctx)
        return Path(text)


CONTEXT_FOLDER = ContextFolder()
