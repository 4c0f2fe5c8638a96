from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from tui.engine.context.errors import ContextUnreadable, PackingStopped
from tui.engine.context.pack import FOREIGN_DOCKERFILE, PackedContext, pack


def make(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


def members(packed: PackedContext) -> dict[str, tarfile.TarInfo]:
    sent: list[int] = []
    data = b"".join(packed.stream(sent.append))
    assert len(data) == packed.total_bytes == sent[-1]
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {member.name: member for member in archive}


def content(packed: PackedContext, name: str) -> bytes:
    data = b"".join(packed.stream(lambda _: None))
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        file = archive.extractfile(name)
        assert file is not None
        return file.read()


def test_what_dockerignore_lists_stays_here_but_the_dockerfile_travels(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            "Dockerfile": "FROM x",
            ".dockerignore": "# note\n*.md\nDockerfile\n.git\n!keep.md\n",
            "a.md": "",
            "keep.md": "",
            ".git/config": "",
            "main.go": "",
        },
    )
    assert set(members(pack(tmp_path, Path("Dockerfile")))) == {".dockerignore", "Dockerfile", "keep.md", "main.go"}


def test_a_dockerfiles_own_ignore_file_stands_in_for_the_general_one(tmp_path: Path) -> None:
    make(tmp_path, {"D": "FROM x", ".dockerignore": "a", "D.dockerignore": "b", "a": "", "b": ""})
    names = set(members(pack(tmp_path, Path("D"))))
    assert "a" in names
    assert not names & {"b", ".dockerignore"}


def test_an_ignored_dockerfile_travels_with_the_list_by_which_the_builder_takes_it_out_again(tmp_path: Path) -> None:
    make(tmp_path, {"Dockerfile": "FROM x", ".dockerignore": "*\n!main.go\n", "main.go": ""})
    packed = pack(tmp_path, Path("Dockerfile"))
    assert set(members(packed)) == {"Dockerfile", ".dockerignore", "main.go"}
    assert content(packed, ".dockerignore") == b"*\n!main.go\n"


def test_a_dockerfile_that_its_own_ignore_file_ignores_travels_with_a_list_made_of_that(tmp_path: Path) -> None:
    make(tmp_path, {"D": "FROM x", ".dockerignore": "a", "D.dockerignore": "D*", "a": ""})
    packed = pack(tmp_path, Path("D"))
    assert set(members(packed)) == {"D", ".dockerignore", "a"}
    assert content(packed, ".dockerignore") == b"D*\n.dockerignore\n"


def test_a_pattern_that_docker_refuses_is_refused(tmp_path: Path) -> None:
    make(tmp_path, {"Dockerfile": "FROM x", ".dockerignore": "[a\n"})
    with pytest.raises(ContextUnreadable, match="syntax error in pattern"):
        pack(tmp_path, Path("Dockerfile"))


def test_links_are_packed_as_they_are_spelled(tmp_path: Path) -> None:
    make(tmp_path, {"Dockerfile": "FROM x"})
    (tmp_path / "link").symlink_to("./a//b")
    assert members(pack(tmp_path, Path("Dockerfile")))["link"].linkname == "./a//b"


def test_links_travel_as_links_and_nothing_outside_is_read(tmp_path: Path) -> None:
    secret = make(tmp_path / "outside", {"secret": "do not read"})
    root = make(tmp_path / "context", {"Dockerfile": "FROM x"})
    (root / "file").symlink_to(secret / "secret")
    (root / "folder").symlink_to(secret)
    packed = pack(root, Path("Dockerfile"))
    found = members(packed)
    assert found["file"].issym() and found["folder"].issym()
    assert found["file"].linkname == str(secret / "secret")
    assert b"do not read" not in b"".join(packed.stream(lambda _: None))


def test_a_dockerfile_from_outside_travels_under_a_fixed_name(tmp_path: Path) -> None:
    root = make(tmp_path / "context", {"main.go": ""})
    other = make(tmp_path / "elsewhere", {"My.Dockerfile": "FROM y"}) / "My.Dockerfile"
    packed = pack(root, other)
    assert packed.dockerfile == FOREIGN_DOCKERFILE
    assert content(packed, FOREIGN_DOCKERFILE) == b"FROM y"
    assert content(packed, ".dockerignore") == f"{FOREIGN_DOCKERFILE}\n.dockerignore\n".encode()


def test_long_names_odd_names_and_big_modes_survive(tmp_path: Path) -> None:
    long = "/".join(["d" * 90] * 3) + "/ü" + "f" * 120
    make(tmp_path, {"Dockerfile": "FROM x", long: "deep"})
    odd = os.fsdecode(b"odd-\xff")
    (tmp_path / odd).write_text("odd")
    script = tmp_path / "run.sh"
    script.write_text("#!/bin/sh")
    script.chmod(0o755)
    found = members(pack(tmp_path, Path("Dockerfile")))
    assert long in found
    assert odd in found
    assert found["run.sh"].mode == 0o755
    assert (found["run.sh"].uid, found["run.sh"].gid) == (0, 0)


def test_pipes_and_sockets_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, {"Dockerfile": "FROM x"})
    os.mkfifo(tmp_path / "pipe")
    assert set(members(pack(tmp_path, Path("Dockerfile")))) == {"Dockerfile"}


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    make(tmp_path, {"Dockerfile": "FROM x", "b": "2", "a": "1", "c/d": "3"})
    first, second = (b"".join(pack(tmp_path, Path("Dockerfile")).stream(lambda _: None)) for _ in range(2))
    assert first == second


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContextUnreadable, match="is no folder"):
        pack(tmp_path / "absent", Path("Dockerfile"))
    with pytest.raises(ContextUnreadable, match=r"Dockerfile .* is not there"):
        pack(tmp_path, Path("Dockerfile"))


def test_a_file_that_shrinks_while_it_is_sent_is_told(tmp_path: Path) -> None:
    make(tmp_path, {"Dockerfile": "FROM x", "data": "0123456789"})
    packed = pack(tmp_path, Path("Dockerfile"))
    (tmp_path / "data").write_text("0")
    with pytest.raises(ContextUnreadable, match="became shorter"):
        b"".join(packed.stream(lambda _: None))


def test_a_file_swapped_for_a_link_while_it_is_sent_is_not_followed(tmp_path: Path) -> None:
    root = make(tmp_path / "context", {"Dockerfile": "FROM x", "data": "harmless"})
    make(tmp_path, {"secret": "do not read it"})
    packed = pack(root, Path("Dockerfile"))
    (root / "data").unlink()
    (root / "data").symlink_to(tmp_path / "secret")
    with pytest.raises(ContextUnreadable, match="cannot be read"):
        b"".join(packed.stream(lambda _: None))


def test_a_file_swapped_for_a_pipe_while_it_is_sent_holds_nothing_up(tmp_path: Path) -> None:
    root = make(tmp_path, {"Dockerfile": "FROM x", "data": "harmless"})
    packed = pack(root, Path("Dockerfile"))
    (root / "data").unlink()
    os.mkfifo(root / "data")
    with pytest.raises(ContextUnreadable, match="is no file any more"):
        b"".join(packed.stream(lambda _: None))


def test_a_folder_swapped_for_a_link_while_it_is_sent_is_not_followed(tmp_path: Path) -> None:
    root = make(tmp_path / "context", {"Dockerfile": "FROM x", "folder/data": "harmless"})
    elsewhere = make(tmp_path / "elsewhere", {"data": "secret!!"})
    packed = pack(root, Path("Dockerfile"))
    (root / "folder" / "data").unlink()
    (root / "folder").rmdir()
    (root / "folder").symlink_to(elsewhere)
    with pytest.raises(ContextUnreadable, match="has become a link"):
        b"".join(packed.stream(lambda _: None))


def test_packing_stops_when_the_build_is_cancelled(tmp_path: Path) -> None:
    make(tmp_path, {"Dockerfile": "FROM x", "a": ""})
    with pytest.raises(PackingStopped):
        pack(tmp_path, Path("Dockerfile"), stopped=lambda: True)
