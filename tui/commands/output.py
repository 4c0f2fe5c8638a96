"""What becomes of a command whose output nobody takes any more, or nobody has room for. Once for all commands."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from tui.commands.exits import Exit

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class Commands(click.Group):
    """Commands that end without a traceback where their output cannot be written, help and all."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Reading the arguments may print help."""
        with _written_out():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run what was asked for."""
        with _written_out():
            return super().invoke(ctx)


@contextmanager
def _written_out() -> Iterator[None]:
    """What was printed is written before the end, so that what stands in the way can still be told."""
    try:
        try:
            yield
        finally:
            # Python has no stdout where it was started with that closed, and prints nothing then.
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:
        _drop_the_rest()
        sys.exit(Exit.PIPE_CLOSED)
    except OSError as error:
        # A file that was named is told of by whoever opened it.
        if error.errno not in NO_ROOM or error.filename is not None:
            raise
        _drop_the_rest()
        with suppress(OSError):
            print(
                "jettison: No room left where the output goes: it is not complete. "
                "Make room there, or send it elsewhere.",
                file=sys.stderr,
                flush=True,
            )
        sys.exit(Exit.CHECK_FAILED)


def _drop_the_rest() -> None:
    """Python writes what is left once more when it ends, and would tell of the same trouble again."""
    if sys.stdout is None:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
