"""What docker sends of one tree, by 36 ignore files: through the tar upload and through FileSync."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.sync_daemon import sync
from tui.engine.buildkit.session.call import CallRefused
from tui.engine.context.errors import PatternRefused
from tui.engine.context.ignore_file import read_patterns
from tui.engine.context.pack import pack

DATA = json.loads((Path(__file__).parent / "data" / "dockerignore.json").read_text("utf-8"))


@dataclass(frozen=True)
class Case:
    name: str
    ignore_file: str
    sent: list[str] | None
    refused: str | None


CASES = [Case(one["id"], one["dockerignore"], one.get("sent"), one.get("refused")) for one in DATA["cases"]]
each_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def tree_of(case: Case, root: Path) -> Path:
    for name in [*DATA["tree"], "Dockerfile"]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    (root / "cmd").chmod(0o700)
    (root / ".dockerignore").write_bytes(case.ignore_file.encode())
    return root


@each_case
def test_filesync_sends_what_docker_sends(case: Case, tmp_path: Path) -> None:
    root = tree_of(case, tmp_path)
    patterns = read_patterns(case.ignore_file.encode())
    if case.refused is not None:
        with pytest.raises(CallRefused) as refusal:
            sync(root, excludes=patterns)
        assert str(refusal.value) == f"invalid excludepatterns: {case.refused}"
        return
    assert sorted(sync(root, excludes=patterns).files) == case.sent


@each_case
def test_the_tar_upload_has_what_docker_sends_and_what_the_builder_needs_itself(case: Case, tmp_path: Path) -> None:
    root = tree_of(case, tmp_path)
    if case.refused is not None:
        with pytest.raises(PatternRefused) as refusal:
            pack(root, Path("Dockerfile"))
        assert case.refused in str(refusal.value)
        return
    stream = b"".join(pack(root, Path("Dockerfile")).stream(lambda _: None))
    with tarfile.open(fileobj=io.BytesIO(stream)) as archive:
        names = {member.name for member in archive if not member.isdir()}
    assert case.sent is not None
    assert names == {*case.sent, "Dockerfile", ".dockerignore"}
