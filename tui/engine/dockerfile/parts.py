"""What a Dockerfile is made of. Lines count from 1, and both ends belong to what they enclose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A here-document of a RUN, COPY or ADD."""

    name: str
    """The word that ends it, without quotes."""
    content: str
    """Its lines as they are written; `<<-` has taken no tabs from them."""
    line: int
    """Its first line; where it is empty, the line that ends it."""
    end_line: int
    """The line that ends it."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction."""

    keyword: str
    """In capitals: `RUN`."""
    value: str
    """All that follows the keyword, continuation lines joined and white space collapsed; no here-documents."""
    line: int
    end_line: int
    stage: int | None
    """Number of its stage, counted from 0; None for an ARG before the first FROM."""
    head_end: int = 0
    """The last line before its here-documents."""
    original: str = ""
    """The instruction with its lines joined and nothing else changed; no here-documents."""
    flags: tuple[str, ...] = ()
    """Each like `--from=builder`, without quotes and escapes."""
    arguments: tuple[str, ...] = ()
    """What follows the flags, split as the keyword asks for: the strings of a JSON array, one text for RUN and its
    kin, `name, value, name, value …` for ENV and LABEL, and otherwise words. Variables are not filled in."""
    is_json: bool = False
    """Whether the arguments are written as a JSON array."""
    heredocs: tuple[Heredoc, ...] = ()
    trigger: Instruction | None = None
    """What an ONBUILD holds back."""

    @property
    def text(self) -> str:
        """The instruction on one line."""
        return f"{self.keyword} {self.value}"

    def flag_values(self, name: str) -> tuple[str, ...]:
        """The values of all flags of this name: `from` for `--from=…`."""
        start = f"--{name}="
        return tuple(flag.removeprefix(start) for flag in self.flags if flag.startswith(start))


@dataclass(frozen=True, slots=True)
class Stage:
    """One FROM and all that follows until the next."""

    index: int
    name: str | None
    """What AS calls it, as it is written; builders compare it in any case."""
    base: str
    """The image or earlier stage that it starts from, build arguments before FROM filled in.

    As it is written where builders could not fill it in either.
    """
    line: int
    end_line: int
    """The last line before the next stage, or the file's last."""
    platform: str | None = None
    """The value of `--platform`, filled in likewise."""

    @property
    def title(self) -> str:
        """Its name, or its number where it has none."""
        return self.name or str(self.index)
