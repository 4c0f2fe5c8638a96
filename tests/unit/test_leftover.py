from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.layers import file, folder, go_program, hard_link, layer, settings, symlink, whiteout
from tests.unit.model_files import ModelFiles, model_files
from tui.image.anatomy import Anatomy, Total, dissect
from tui.image.leftover import LeftPart, left_behind
from tui.image.model import LayerIndex
from tui.image.purposes import Purpose

PROGRAM = file("app/main", 9, "the program", program=go_program())


def image(*layers: LayerIndex) -> Anatomy:
    return dissect(settings(layers), layers)


def test_the_second_from_leaves_all_behind_but_the_program() -> None:
    single = image(layer(file("usr/local/go/bin/go", 70), file("etc/passwd", 3)), layer(folder("app"), PROGRAM))
    multi = image(layer(file("main", 9, "the program", program=go_program())))
    left = left_behind(single, multi)
    assert left.size_bytes == 73
    assert left.by_purpose[Purpose.TOOLCHAIN] == Total(70, 1)
    assert left.by_purpose[Purpose.YOUR_PROGRAM] == Total()
    assert {left.larger.layers[place.layer].paths[place.member] for place in left.members()} == {
        "usr/local/go/bin/go",
        "etc/passwd",
    }


def test_content_is_carried_wherever_it_lies_and_links_where_they_point() -> None:
    larger = image(
        layer(file("a", 5, "x"), file("b", 5, "y"), symlink("l", "a"), symlink("m", "a"), hard_link("h", "a"))
    )
    smaller = image(layer(file("other", 5, "x"), symlink("l", "a"), symlink("m", "bb")))
    left = left_behind(larger, smaller)
    assert {larger.layers[at.layer].paths[at.member] for at in left.members()} == {"b", "m"}


def test_shared_layers_are_carried_as_they_are_and_waste_never_is() -> None:
    shared = layer(file("a", 5, "x"), file("b", 7, "y"))
    larger = image(shared, layer(whiteout("a"), file("c", 3, "z")), layer(file("c", 3, "z", mode=0o755)))
    smaller = image(shared, layer(file("c", 3, "z")))
    left = left_behind(larger, smaller)
    assert left.size_bytes == 3
    apart = image(layer(file("a", 5, "x"), file("b", 7, "y"), file("c", 3, "z")))
    left = left_behind(larger, apart)
    assert left.size_bytes == 5 + 3


def test_an_image_leaves_nothing_behind_of_itself() -> None:
    same = image(layer(file("a", 5), symlink("l", "a")))
    left = left_behind(same, same)
    assert (left.size_bytes, left.by_directory()) == (0, ())


def test_directories_are_listed_by_what_matters_in_them() -> None:
    toolchain = [file(f"usr/local/go/src/{name}/x.go", 100, name) for name in "abc"]
    cache = [file(f"root/.cache/go-build/{number:02x}/x", 10, str(number)) for number in range(20)]
    system = [file("usr/lib/a.so", 60), file("usr/share/doc/a", 50), file("usr/share/b", 1), file("etc/c", 1)]
    left = left_behind(image(layer(*toolchain, *cache, *system)), image())
    assert left.by_directory(0.05) == (
        LeftPart("usr/local/go/src", 300, 3),
        LeftPart("root/.cache/go-build", 200, 20),
        LeftPart("usr/lib", 60, 1),
        LeftPart("usr/share/doc", 50, 1),
        LeftPart("", 2, 2, is_rest=True),
    )


def test_it_is_json_whatever_the_names_are() -> None:
    left = left_behind(image(layer(file("srv/\udcff/x", 9))), image())
    told = json.loads(json.dumps(left.as_json()))
    assert told["bytes"] == 9
    assert told["by_purpose"]["other"] == 9
    assert told["by_directory"] == {"/srv/\N{REPLACEMENT CHARACTER}": 9}


@given(model_files(), model_files(), st.floats(0, 1), st.booleans())
def test_what_is_left_and_what_is_carried_always_add_up(
    one: ModelFiles, other: ModelFiles, share: float, is_shared: bool
) -> None:
    larger = image(*one.layers)
    smaller = image(*one.layers[:1], *other.layers) if is_shared else image(*other.layers)
    left = left_behind(larger, smaller)
    assert left.size_bytes == sum(larger.layers[at.layer].sizes[at.member] for at in left.members())
    assert left.size_bytes == sum(total.size_bytes for total in left.by_purpose.values())
    assert left.size_bytes == sum(part.size_bytes for part in left.by_directory(share))
    assert left.size_bytes == left.folders[""].size_bytes


@given(model_files())
def test_against_the_same_files_in_one_layer_the_waste_is_left_and_nothing_else(files: ModelFiles) -> None:
    flat = [replace(node.member, path=path) for path, node in files.nodes.items()]
    larger, smaller = image(*files.layers, layer()), image(layer(*flat))
    if smaller.layers[0].diff_id not in {index.diff_id for index in files.layers}:
        assert left_behind(larger, smaller).size_bytes == larger.waste_bytes


@pytest.mark.parametrize(
    ("part", "label"),
    [
        (LeftPart("usr/lib", 9, 1), "/usr/lib"),
        (LeftPart("usr", 9, 1, is_rest=True), "/usr (the rest of it)"),
        (LeftPart("", 9, 1), "/"),
        (LeftPart("", 9, 1, is_rest=True), "elsewhere"),
    ],
)
def test_what_remains_of_all_folders_is_not_called_the_root_folder(part: LeftPart, label: str) -> None:
    assert part.label == label
