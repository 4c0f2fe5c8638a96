"""Files as a daemon gets them when it syncs a folder."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.no_override import no_override
from tests.support.sync_daemon import SyncDaemon, serve, sync
from tui.engine.buildkit.session.call import CallRefused, Status
from tui.engine.buildkit.session.file_stats import go_mode
from tui.engine.buildkit.session.file_sync import PIECE_BYTES, FileSync, Synced, WholeFolder, dockerfile_folder

GO_FOLDER, GO_LINK, GO_PIPE = 1 << 31, 1 << 27, 1 << 25
GO_SETUID, GO_SETGID, GO_STICKY = 1 << 23, 1 << 22, 1 << 20


def make(root: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def test_all_files_are_told_of_and_those_that_are_asked_for_are_sent(tmp_path: Path) -> None:
    make(tmp_path, {"a": b"1", "b/c": b"22", "d": b""})
    daemon = sync(tmp_path, wants=lambda path: path != "a")
    assert daemon.paths == ["a", "b", "b/c", "d"]
    assert daemon.contents == {"b/c": b"22", "d": b""}
    assert daemon.complete == {"b/c", "d"}
    assert daemon.is_finished


def test_only_what_the_daemon_names_is_told_of(tmp_path: Path) -> None:
    make(tmp_path, {"a/x": b"", "a/y.md": b"", "b": b""})
    (tmp_path / "link").symlink_to("b")
    assert sync(tmp_path, follow=["a", "link"], excludes=["**/*.md"]).paths == ["a", "a/x", "b", "link"]
    assert sync(tmp_path, includes=["b"]).paths == ["b"]


def test_names_that_are_not_ascii_arrive_escaped(tmp_path: Path) -> None:
    make(tmp_path, {"ü": b"", "a b": b"", "c": b""})
    metadata = {"dir-name": ["context"], "followpaths": ["%C3%BC", "a+b"], "followpaths-encoded": ["1"]}
    daemon = SyncDaemon(metadata)
    serve(daemon, WholeFolder(tmp_path))
    assert daemon.paths == ["a b", "ü"]


def test_times_modes_and_owners_are_those_that_docker_sends(tmp_path: Path) -> None:
    make(tmp_path, {"plain": b"123", "setuid": b"", "setgid": b""})
    (tmp_path / "sticky").mkdir()
    for name, mode in {"plain": 0o640, "setuid": 0o4755, "setgid": 0o2755, "sticky": 0o1777}.items():
        (tmp_path / name).chmod(mode)
    os.utime(tmp_path / "plain", ns=(0, 1_577_934_245_123_456_789))
    stats = sync(tmp_path).stats
    assert {name: stat.mode for name, stat in stats.items()} == {
        "plain": 0o640,
        "setuid": GO_SETUID | 0o755,
        "setgid": GO_SETGID | 0o755,
        "sticky": GO_FOLDER | GO_STICKY | 0o777,
    }
    assert stats["plain"].modTime == 1_577_934_245_123_456_789
    assert stats["plain"].size == 3
    assert (stats["plain"].uid, stats["plain"].gid, stats["sticky"].size) == (0, 0, 0)


def test_files_of_windows_are_executable() -> None:
    assert go_mode(stat.S_IFREG | 0o666, is_windows=True) == 0o755
    assert go_mode(stat.S_IFDIR | 0o777, is_windows=True) == GO_FOLDER | 0o755


def test_links_are_sent_as_they_are_spelled(tmp_path: Path) -> None:
    for name, target in {"out": "/etc/passwd", "spelled": "./a//b", "folder": "../"}.items():
        (tmp_path / name).symlink_to(target)
    daemon = sync(tmp_path)
    assert {name: stat.linkname for name, stat in daemon.stats.items()} == {
        "out": b"/etc/passwd",
        "spelled": b"./a//b",
        "folder": b"../",
    }
    assert all(stat.mode & GO_LINK for stat in daemon.stats.values())
    assert daemon.contents == {}


def test_a_files_other_names_refer_to_the_first_that_is_sent(tmp_path: Path) -> None:
    make(tmp_path, {"ignored": b"same"})
    for name in ("first", "second"):
        os.link(tmp_path / "ignored", tmp_path / name)
    daemon = sync(tmp_path, excludes=["ignored"])
    assert {name: (stat.linkname, stat.size) for name, stat in daemon.stats.items()} == {
        "first": (b"", 4),
        "second": (b"first", 0),
    }
    assert daemon.contents == {"first": b"same"}


def test_a_pipe_is_told_of_and_a_socket_is_an_empty_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "sock"))
    daemon = sync(tmp_path)
    assert daemon.stats["pipe"].mode == GO_PIPE | 0o600
    assert daemon.stats["sock"].mode & ~0o777 == 0
    assert daemon.contents == {"sock": b""}


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="Python knows extended attributes on Linux only")
def test_extended_attributes_are_told_of(tmp_path: Path) -> None:
    make(tmp_path, {"a": b""})
    os.setxattr(tmp_path / "a", "user.jettison", b"\0\xff")
    assert sync(tmp_path).stats["a"].xattrs["user.jettison"] == b"\0\xff"


def test_names_that_are_not_utf8_keep_their_bytes(tmp_path: Path) -> None:
    make(tmp_path, {os.fsdecode(b"odd-\xff"): b"x"})
    assert [stat.path for stat in sync(tmp_path).stats.values()] == [b"odd-\xff"]


def test_big_files_are_sent_in_pieces(tmp_path: Path) -> None:
    content = os.urandom(2 * PIECE_BYTES + 5)
    make(tmp_path, {"big": content})
    daemon = sync(tmp_path)
    assert daemon.contents["big"] == content
    assert daemon.largest_message < PIECE_BYTES + 64


@pytest.mark.parametrize("content", [b"", b"sh", b"much longer than it was when it was listed"])
def test_a_file_that_has_changed_since_it_was_listed_is_sent_as_it_is_now(tmp_path: Path, content: bytes) -> None:
    make(tmp_path, {"file": b"listed"})

    def change() -> None:
        make(tmp_path, {"file": content})

    daemon = sync(tmp_path, before_requests=change)
    assert daemon.contents["file"] == content
    assert "file" in daemon.complete


def test_a_file_that_was_saved_anew_under_its_name_is_sent(tmp_path: Path) -> None:
    make(tmp_path, {"file": b"old"})

    def save() -> None:
        make(tmp_path, {"file.new": b"new"})
        (tmp_path / "file.new").rename(tmp_path / "file")

    assert sync(tmp_path, before_requests=save).contents == {"file": b"new"}


def refused(root: Path, daemon: SyncDaemon) -> str:
    """What the daemon is told of an error, twice: it listens for one or the other."""
    with pytest.raises(CallRefused) as refusal:
        serve(daemon, WholeFolder(root))
    assert refusal.value.status is Status.UNKNOWN
    assert daemon.errors == [str(refusal.value)]
    return str(refusal.value)


def asking(before_requests: Callable[[], None] = lambda: None) -> SyncDaemon:
    return SyncDaemon({"dir-name": ["context"]}, before_requests=before_requests)


def test_a_file_that_is_gone_when_it_is_asked_for_is_an_error_and_not_an_empty_file(tmp_path: Path) -> None:
    make(tmp_path, {"file": b"x"})
    daemon = asking((tmp_path / "file").unlink)
    assert refused(tmp_path, daemon) == f"{tmp_path / 'file'} cannot be read: No such file or directory."
    assert daemon.contents == {}


def test_a_file_that_may_not_be_read_is_an_error_and_not_an_empty_file(tmp_path: Path) -> None:
    make(tmp_path, {"file": b"x"})
    (tmp_path / "file").chmod(0)
    with no_override():
        words = refused(tmp_path, asking())
    assert words == f"{tmp_path / 'file'} cannot be read: Permission denied."


def test_a_dockerfile_that_is_gone_is_an_error(tmp_path: Path) -> None:
    make(tmp_path, {"Dockerfile": b"FROM x"})
    folder = dockerfile_folder(tmp_path / "Dockerfile")
    (tmp_path / "Dockerfile").unlink()
    daemon = asking()
    with pytest.raises(CallRefused, match="Dockerfile cannot be read: No such file or directory"):
        serve(daemon, folder)


def test_a_file_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    root = make(tmp_path / "root", {"file": b"x"})
    make(tmp_path, {"secret": b"do not send"})

    def swap() -> None:
        (root / "file").unlink()
        (root / "file").symlink_to(tmp_path / "secret")

    daemon = asking(swap)
    assert "file cannot be read" in refused(root, daemon)
    assert daemon.contents == {}


def test_a_folder_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    root = make(tmp_path / "root", {"folder/file": b"x"})
    make(tmp_path, {"outside/file": b"do not send"})

    def swap() -> None:
        (root / "folder").rename(tmp_path / "moved")
        (root / "folder").symlink_to(tmp_path / "outside")

    daemon = asking(swap)
    assert "folder has become a link" in refused(root, daemon)
    assert daemon.contents == {}


def test_a_file_that_became_a_pipe_holds_nothing_up(tmp_path: Path) -> None:
    make(tmp_path, {"file": b"x"})

    def swap() -> None:
        (tmp_path / "file").unlink()
        os.mkfifo(tmp_path / "file")

    assert "no file any more" in refused(tmp_path, asking(swap))


def test_a_folder_that_nobody_named_is_refused(tmp_path: Path) -> None:
    daemon = SyncDaemon({"dir-name": ["home"]})
    (copy,) = FileSync({"context": WholeFolder(tmp_path)}, lambda synced: None).handlers().values()
    with pytest.raises(CallRefused, match='no access allowed to dir "home"'):
        copy(daemon)


def test_of_a_dockerfiles_folder_only_the_dockerfile_and_its_ignore_file_can_be_had(tmp_path: Path) -> None:
    make(tmp_path, {"Elsewhere": b"FROM x", "Elsewhere.dockerignore": b"a", "secret": b"", "dockerfile": b""})
    folder = dockerfile_folder(tmp_path / "Elsewhere")
    everything = sync(folder)
    assert everything.contents == {"Elsewhere": b"FROM x", "Elsewhere.dockerignore": b"a"}
    assert sync(folder, follow=["Elsewhere", "Elsewhere.dockerignore", "secret"]).paths == everything.paths
    assert sync(folder, follow=["secret"]).paths == []


def test_a_dockerfile_that_is_a_link_is_sent_as_the_file_that_it_leads_to(tmp_path: Path) -> None:
    make(tmp_path, {"far/away": b"FROM x"})
    (tmp_path / "Dockerfile").symlink_to(tmp_path / "far" / "away")
    daemon = sync(dockerfile_folder(tmp_path / "Dockerfile"))
    assert daemon.contents == {"Dockerfile": b"FROM x"}


def test_an_ignore_file_that_leads_out_of_its_folder_is_not_sent(tmp_path: Path) -> None:
    make(tmp_path, {"project/Dockerfile": b"FROM x", "secret": b"do not send"})
    (tmp_path / "project" / "Dockerfile.dockerignore").symlink_to("../secret")
    assert sync(dockerfile_folder(tmp_path / "project" / "Dockerfile")).paths == ["Dockerfile"]


def test_an_error_about_a_name_that_is_not_utf8_is_told_all_the_same(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"odd-\xff")
    odd.write_text("")
    assert refused(tmp_path, asking(odd.unlink)) == f"{tmp_path}/odd-? cannot be read: No such file or directory."


def test_progress_counts_files_and_bytes(tmp_path: Path) -> None:
    make(tmp_path, {"a": b"123", "b/c": b"4567"})
    reports: list[Synced] = []
    sync(tmp_path, report=reports.append)
    assert reports[0] == Synced("context", listed=3, files=0, size_bytes=0, is_complete=False)
    assert reports[-1] == Synced("context", listed=3, files=2, size_bytes=7, is_complete=True)
