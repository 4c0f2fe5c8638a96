"""How wide a text is on a terminal of 80 columns, where a lesson has 76 of them and its code 72."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MOST_PAGE_COLUMNS = 76
MOST_CODE_COLUMNS = 72
COLUMN_GAP = 2
LAST_COLUMN = 20
"""The last column of a table wraps, and must not become narrower than this."""
TAB = 8

_CELL_BORDER = re.compile(r"(?<!\\)\|")
_LINK_TARGET = re.compile(r"\]\([^)]*\)")


def cells(text: str) -> int:
    """Columns that a line takes."""
    width = 0
    for sign in text:
        if sign == "\t":
            width += TAB - width % TAB
        elif not unicodedata.combining(sign):
            width += 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1
    return width


def table_columns(rows: Sequence[str]) -> int:
    """Columns that a Markdown table needs at least: all but its last column as wide as they are."""
    split = [_CELL_BORDER.split(row.strip().strip("|")) for row in rows]
    count = len(split[0])
    widths = [
        max((cells(_bare(row[number])) for row in split if number < len(row)), default=0) for number in range(count)
    ]
    return sum(width + COLUMN_GAP for width in widths[:-1]) + min(widths[-1], LAST_COLUMN)


def _bare(cell: str) -> str:
    """A cell without what marks it up."""
    return _LINK_TARGET.sub("", cell.strip()).replace("`", "").replace("**", "").replace("[", "")
