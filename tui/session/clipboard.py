"""The clipboard of this machine, where there is one."""

from __future__ import annotations

import os


def copy_locally(text: str) -> bool:
    """Copy by this machine's own clipboard; True only where reading it back gives the same text.

    Blocks while a helper program runs: call it from a thread. At the far end of an SSH connection the machine's
    clipboard is not the one in front of the learner, so it is left alone.
    """
    if os.environ.get("SSH_CONNECTION"):
        return False
    import pyperclip

    try:
        pyperclip.copy(text)
        return bool(pyperclip.paste() == text)
    except (pyperclip.PyperclipException, OSError):
        return False
