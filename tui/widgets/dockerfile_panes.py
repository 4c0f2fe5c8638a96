"""Dockerfiles side by side: highlighted, each stage in its colour, with the base image of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from tui.engine.dockerfile import Dockerfile, Stage
from tui.widgets.code_view import CodeView, MarkedLines
from tui.widgets.dockerfile_lexer import DockerfileLexer

STAGE_COLOURS = ("stage-builder", "stage-production")


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A Dockerfile as it is shown."""

    name: str
    title: str
    dockerfile: Dockerfile


class DockerfilePane(Vertical):
    """One Dockerfile."""

    DEFAULT_CSS = """
    DockerfilePane { width: 1fr; height: 1fr; padding: 0 0 0 1; }
    DockerfilePane > Static { height: auto; width: 100%; }
    DockerfilePane > CodeView { height: 1fr; margin-top: 1; }
    """

    def __init__(self, file: ShownFile, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._head = Static()
        self._code = CodeView()
        self._code.set_reactive(CodeView.wrap, True)
        self.show(file)

    def compose(self) -> ComposeResult:
        """Title with the bases, then the text."""
        yield self._head
        yield self._code

    def show(self, file: ShownFile) -> None:
        """Show this file."""
        stages = file.dockerfile.stages
        lines = [Content.assemble((file.title, "bold"), ("  " + file.name, "$foreground 60%"))]
        lines += [_base(stage, len(stages)) for stage in stages]
        self._head.update(Content("\n").join(lines))
        marks = [
            MarkedLines(s.line, _last_line(file.dockerfile, s), stage_colour(s.index, len(stages))) for s in stages
        ]
        lexer = DockerfileLexer(stripnl=False, ensurenl=False)
        self._code.show(file.dockerfile.text, lexer, marks)


class DockerfilePanes(Horizontal):
    """All Dockerfiles of a project side by side."""

    DEFAULT_CSS = """
    DockerfilePanes { height: 1fr; width: 1fr; }
    """

    def __init__(self, files: Sequence[ShownFile], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._panes = [DockerfilePane(file) for file in files]

    def compose(self) -> ComposeResult:
        """A pane for each file."""
        yield from self._panes

    def show(self, files: Sequence[ShownFile]) -> None:
        """Show these files instead: as many as there were."""
        for pane, file in zip(self._panes, files, strict=True):
            pane.show(file)


def stage_colour(index: int, count: int) -> str:
    """The colour of a stage: the last one is what ships, the others build."""
    return STAGE_COLOURS[1] if index == count - 1 and count > 1 else STAGE_COLOURS[0]


def _base(stage: Stage, count: int) -> Content:
    name = stage.name or ("" if count == 1 else f"stage {stage.index}")
    origin = (f"{'  ' if name else ''}from {stage.base}", "$foreground 60%")
    return Content.assemble(("▌ ", f"${stage_colour(stage.index, count)}"), name, origin)


def _last_line(dockerfile: Dockerfile, stage: Stage) -> int:
    """The last line of a stage that holds an instruction: comments below belong to the next one."""
    own = [i.end_line for i in dockerfile.instructions if i.stage == stage.index]
    return max(own, default=stage.line)
