"""The terminal that the program runs in."""

from __future__ import annotations

import errno

HUNG_UP = 129
"""The exit code of a program whose terminal was closed: 128 and the number of SIGHUP."""


def is_hung_up(descriptor: int) -> bool:
    """Whether the terminal behind a descriptor was closed; False where it is none.

    The signal that tells of it goes to the leader of the session alone: a shell's, or make's, who may keep it.
    """
    try:
        import termios
    except ImportError:
        # Systems without it close a program together with its window.
        return False
    try:
        termios.tcgetattr(descriptor)
    except termios.error as error:
        return bool(error.args) and error.args[0] == errno.EIO
    return False
