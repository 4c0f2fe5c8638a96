"""The layers of the lab's own images: what a step changed, what it took away, and nothing twice."""

from __future__ import annotations

import gzip
import hashlib
import tarfile
from pathlib import Path

from tests.lab.layers import Layer, Recipe, Step, layers_of


def names(layer: Layer) -> set[str]:
    with tarfile.open(layer.file) as archive:
        return set(archive.getnames())


def write(root: Path) -> None:
    (root / "bin").mkdir()
    (root / "bin/tool").write_text("a tool")
    (root / "note").write_text("a note")


def change(root: Path) -> None:
    (root / "note").unlink()
    (root / "bin/other").hardlink_to(root / "bin/tool")
    (root / "dev").mkdir()
    (root / "dev/null").touch()


def made(folder: Path, *steps: Step, version: str = "1") -> tuple[Layer, ...]:
    def scratch(name: str) -> Path:
        root = folder / f"{name}-{len(list(folder.iterdir()))}"
        root.mkdir()
        return root

    folder.mkdir(exist_ok=True)
    return layers_of(Recipe("recipe", steps, version), folder, scratch)


def test_a_layer_has_what_its_step_changed_and_says_what_it_removed(tmp_path: Path) -> None:
    first, second = made(tmp_path / "lab", Step("write", write), Step("change", change))
    assert names(first) == {"bin", "bin/tool", "note"}
    assert names(second) >= {"bin/other", ".wh.note", "dev"}
    assert "note" not in names(second)
    assert "dev/null" not in names(second), "what lies in /dev is the machine's"


def test_digests_are_those_of_the_packed_and_the_unpacked_bytes(tmp_path: Path) -> None:
    [layer] = made(tmp_path / "lab", Step("write", write))
    packed = layer.file.read_bytes()
    assert layer.digest == f"sha256:{hashlib.sha256(packed).hexdigest()}"
    assert layer.diff_id == f"sha256:{hashlib.sha256(gzip.decompress(packed)).hexdigest()}"
    assert layer.size == len(packed)


def test_layers_are_kept_until_their_recipe_changes(tmp_path: Path) -> None:
    runs: list[Path] = []

    def count(root: Path) -> None:
        runs.append(root)
        write(root)

    counted = Step("count", count)
    assert made(tmp_path / "lab", counted) == made(tmp_path / "lab", counted)
    assert len(runs) == 1
    made(tmp_path / "lab", counted, version="2")
    assert len(runs) == 2
