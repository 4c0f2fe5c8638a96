"""What commands print: data on stdout, narration on stderr, tables aligned."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from tui.engine.errors import EngineError
from tui.engine.model import EngineInfo
from tui.printable import printable, printable_lines


def narrate(text: str) -> None:
    """A line for people who watch, or some; never data. Nothing in it can do anything to their terminal."""
    print(printable_lines(text), file=sys.stderr, flush=True)


def explain(error: EngineError) -> None:
    """What happened and what to do next."""
    narrate(f"jettison: {error.what}\n          {error.advice}")


def print_json(data: Any) -> None:
    """One JSON object on stdout."""
    print(json.dumps(data, indent=2, ensure_ascii=False))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Columns below each other; those whose numbers are in `right` end at the same place."""
    lines = [tuple(map(printable, line)) for line in (head, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        cells = [c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))]
        print("  ".join(cells).rstrip())


def engine_words(info: EngineInfo) -> str:
    """Who answers, on one line; a recording always says that it is one."""
    words = f"{info.name} {info.version} · {info.builder} · {info.storage_driver}"
    if info.recorded_on is not None:
        return f"recorded on {info.recorded_on:%Y-%m-%d} with {words}"
    return f"{words} at {info.endpoint}"
