"""Reading checks from TOML tables: `kind` says which one it is, the other keys are its parameters."""

from __future__ import annotations

from collections.abc import Callable

from tui.course.checks import (
    ECHO_TEXT,
    Absent,
    AnswersHttp,
    AtLeastAsLarge,
    CachedAfterEdit,
    Check,
    EchoesWebSocket,
    ExitsWith,
    HasStage,
    LayersAtMost,
    Logs,
    NoRepeatedBytes,
    NotRoot,
    Present,
    RatioAtLeast,
    SizeAtMost,
    SizeOverBase,
    Starts,
    StaticProgram,
)
from tui.course.quantity import Unit
from tui.course.table import Table

MAX_CHECKS = 40
MAX_STARS = 4
"""More wild cards in one pattern would make matching slow without end."""


def read_checks(table: Table, key: str = "check") -> tuple[Check, ...]:
    """The checks under `[[check]]`; what is wrong with them is noted."""
    found = (_read_check(one) for one in table.tables(key, most=MAX_CHECKS))
    return tuple(check for check in found if check is not None)


def _read_check(table: Table) -> Check | None:
    kind = table.text("kind")
    reader = READERS.get(kind)
    if reader is None:
        if kind:
            table.complain(f"there is no check {kind!r}; there are {', '.join(READERS)}", "kind")
        return None
    check = reader(table)
    table.finish()
    return check


def _absolute(table: Table, name: str = "path") -> str:
    path = table.text(name, most=200)
    if path and not path.startswith(("/", "**/")):
        table.complain(f"{name} must begin with / or **/, as it is meant inside the image", name)
    if path.count("*") > MAX_STARS:
        table.complain(f"{name} must have at most {MAX_STARS} wild cards", name)
    return path


def _address(table: Table) -> str:
    path = table.optional_text("path", most=200) or "/"
    if not path.startswith("/"):
        table.complain("path must begin with /", "path")
    return path


READERS: dict[str, Callable[[Table], Check]] = {
    "size-at-most": lambda table: SizeAtMost(round(table.quantity("size", Unit.BYTES))),
    "size-over-base": lambda table: SizeOverBase(table.number("factor", 1, 100)),
    "ratio-at-least": lambda table: RatioAtLeast(table.name("than"), table.number("times", 1, 100_000)),
    "at-least-as-large": lambda table: AtLeastAsLarge(table.name("than")),
    "absent": lambda table: Absent(_absolute(table), table.flag("in-layers")),
    "present": lambda table: Present(_absolute(table)),
    "static-program": lambda _: StaticProgram(),
    "not-root": lambda _: NotRoot(),
    "layers-at-most": lambda table: LayersAtMost(table.integer("count", 1, 500)),
    "starts": lambda table: Starts(table.texts("command", least=1, most=50)),
    "no-repeated-bytes": lambda table: NoRepeatedBytes(
        round(table.quantity("most", Unit.BYTES)) if "most" in table else 0
    ),
    "cached-after-edit": lambda table: CachedAfterEdit(table.text("file", most=200), table.text("step", most=200)),
    "http": lambda table: AnswersHttp(
        _address(table), table.integer("status", 100, 599, 200), table.optional_text("contains") or ""
    ),
    "websocket": lambda table: EchoesWebSocket(_address(table), table.optional_text("say", most=200) or ECHO_TEXT),
    "log": lambda table: Logs(table.text("contains")),
    "exit-code": lambda table: ExitsWith(table.integer("code", 0, 255)),
    "stage": lambda table: HasStage(table.name("name")),
}
"""Every kind of check, by its name in a file."""
