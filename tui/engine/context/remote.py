"""Contexts that docker would fetch from elsewhere, or read from its standard input: told apart, and refused."""

from __future__ import annotations

import re
from pathlib import Path

_URL = re.compile(r"(?:https?|git|ssh):/", re.IGNORECASE)
"""One slash is enough: pathlib has made one of two by the time it is looked at."""
_SCP = re.compile(r"(?:[\w.+-]+@)[\w.-]+:\S*")
"""`git@host:path`, as git and ssh understand it."""


def is_remote(context: str) -> bool:
    """Whether docker would take a context for something other than a folder: stdin, an archive's URL, a repository.

    As there, a folder that is called so comes first.
    """
    if context == "-":
        return True
    looks_remote = _URL.match(context) or _SCP.fullmatch(context) or context.startswith("github.com/")
    return bool(looks_remote) and not Path(context).is_dir()


def remote_refusal(context: str) -> str:
    """The sentence for a context that `is_remote`."""
    if context == "-":
        return "A context from standard input cannot be built here: unpack it, and give its folder."
    return f"The context {context} is not on this machine: clone or download it first, and give its folder."
