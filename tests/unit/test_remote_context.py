from __future__ import annotations

from pathlib import Path

import pytest

from tui.engine.context.remote import is_remote, remote_refusal


@pytest.mark.parametrize(
    "context",
    [
        "-",
        "https://example.com/project.git#main:app",
        "http://example.com/context.tar.gz",
        "git://example.com/project.git",
        "ssh://git@example.com/project.git",
        "git@example.com:team/project.git",
        "github.com/team/project",
        str(Path("https://example.com/project.git")),
    ],
)
def test_what_docker_would_fetch_is_told_apart(context: str) -> None:
    assert is_remote(context)
    assert context in remote_refusal(context) or context == "-"


@pytest.mark.parametrize("context", [".", "..", "app", "./github.com/team", "/srv/app", "C:\\app", "C:/app", ""])
def test_folders_are_not_remote(context: str) -> None:
    assert not is_remote(context)


def test_a_folder_that_is_called_like_a_repository_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "github.com" / "team").mkdir(parents=True)
    assert not is_remote("github.com/team")
