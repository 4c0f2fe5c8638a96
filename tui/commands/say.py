"""What commands print: data on stdout, narration on stderr, tables aligned."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from typing import Any

from tui.course.widths import cells
from tui.engine.errors import EngineError
from tui.engine.model import EngineInfo
from tui.printable import printable, printable_lines

GAP = "  "
LEAST_COLUMN = 12
"""Narrower no terminal makes the last column of a table."""


def narrate(text: str) -> None:
    """A line for people who watch, or some; never data. Nothing in it can do anything to their terminal."""
    print(printable_lines(text), file=sys.stderr, flush=True)


def explain(error: EngineError) -> None:
    """What happened and what to do next."""
    narrate(f"jettison: {error.what}\n          {error.advice}")


def print_json(data: Any) -> None:
    """One JSON object on stdout."""
    print(json.dumps(data, indent=2, ensure_ascii=False))


def terminal_columns() -> int | None:
    """The width of the terminal that stdout is; None for a pipe or a file, where nothing need be cut."""
    return shutil.get_terminal_size().columns if sys.stdout is not None and sys.stdout.isatty() else None


def print_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = (), most: int | None = None
) -> None:
    """Columns below each other; those whose numbers are in `right` end at the same place.

    With `most`, the last column is cut where a line would be longer than so many columns of a terminal.
    """
    lines = [tuple(map(printable, line)) for line in (head, *rows)]
    widths = [max(cells(line[column]) for line in lines) for column in range(len(head))]
    if most is not None:
        before = sum(widths[:-1]) + len(GAP) * len(widths[:-1])
        widths[-1] = min(widths[-1], max(LEAST_COLUMN, most - before))
    for line in lines:
        parts = [
            _cell(text, width, is_right=i in right) for i, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        print(GAP.join(parts).rstrip())


def _cell(text: str, width: int, *, is_right: bool) -> str:
    """A text as wide as its column, its end cut off where it is longer."""
    if cells(text) > width:
        while cells(text) > width - 1:
            text = text[:-1]
        text += "…"
    space = " " * (width - cells(text))
    return space + text if is_right else text + space


def engine_words(info: EngineInfo) -> str:
    """Who answers, on one line; a recording always says that it is one."""
    words = f"{info.name} {info.version} · {info.builder} · {info.storage_driver}"
    if info.recorded_on is not None:
        return f"recorded on {info.recorded_on:%Y-%m-%d} with {words}"
    return f"{words} at {info.endpoint}"
