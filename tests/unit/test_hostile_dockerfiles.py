"""Dockerfiles that are made to keep a reader busy: each takes hours where time grows with the square of its size."""

from __future__ import annotations

import pytest

from tui.engine.dockerfile import parse
from tui.widgets.dockerfile_lexer import DockerfileLexer

MANY = 100_000

HOSTILE = {
    "continuation lines": "FROM a\nRUN x" + " \\\n y" * MANY,
    "comments in a continuation": "FROM a\nRUN x \\\n" + "# y\n" * MANY + "z\n",
    "here-documents that never end": "RUN <<X\n" * (MANY // 10),
    "here-documents on one line": "RUN " + "<<a " * (MANY // 10) + "\n" + "a\n" * (MANY // 10),
    "less-than signs": "RUN " + "<" * MANY,
    "defaults of defaults": "ARG A=" + "${a:-" * MANY + "x" + "}" * MANY + "\nFROM $A\n",
    "open braces": "FROM " + "${" * MANY + "\nENV a=" + "${" * MANY,
    "open quotes": "ENV a=" + '"' * (MANY + 1) + "\nENV b=" + "'" * (MANY + 1) + '\nRUN "' + '\\"' * MANY,
    "open brackets": "RUN " + "[" * MANY + '\nCMD ["' + '\\"' * MANY,
    "escapes": "RUN " + "\\ " * MANY + "\nENV a=" + "\\" * MANY,
    "flags": "COPY " + "--from=a " * (MANY // 10) + "b c\n",
    "blanks": "# syntax=" + " " * MANY + "x\n" + " " * MANY + "\nRUN a" + " " * MANY + "b\n",
    "patterns": f"ARG V={'a' * 4000}\nARG W=${{V%%{'*a' * 1000}b}}${{V//{'*a' * 300}b/c}}\nFROM $W\n",
    "stages": "FROM a AS b\nCOPY --from=b c d\n" * (MANY // 10),
    "triggers": "ONBUILD " * MANY,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_dockerfile_is_read(text: str) -> None:
    dockerfile = parse(text)
    assert dockerfile.instructions[-1].end_line == len(text.removesuffix("\n").split("\n"))
    assert len(dockerfile.external_bases()) <= len(dockerfile.instructions)
    assert len(dockerfile.needed_stages()) <= len(dockerfile.stages)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_dockerfile_is_lexed(text: str) -> None:
    assert "".join(value for _, value in DockerfileLexer().get_tokens(text)) == text


def test_ten_megabytes_are_read() -> None:
    (run,) = parse("RUN " + "x" * 10_000_000).instructions
    assert len(run.value) == 10_000_000
