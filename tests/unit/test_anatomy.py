from __future__ import annotations

import pytest
from hypothesis import given

from tests.unit.layers import file, folder, go_program, layer, settings, whiteout
from tests.unit.model_files import ModelFiles, model_files
from tui.image.anatomy import COUNTED, Total, dissect
from tui.image.model import Origin
from tui.image.purposes import PURPOSES, Purpose, read_rules
from tui.image.waste import largest_waste

MB = 1_000_000


def test_an_image_comes_apart_into_layers_instructions_and_purposes() -> None:
    base = layer(file("usr/local/go/bin/go", 17), file("etc/passwd", 3))
    context = layer(folder("app"), file("app/main.go", 2))
    built = layer(file("app/main", 9, program=go_program()), file("root/.cache/go-build/a/b-d", 90))
    layers = [base, context, built]
    chain = (Origin("COPY . .", 3, "0"), Origin("RUN go build -o main .", 4, "0"))
    config = settings(layers, "", "COPY . . # buildkit", "RUN /bin/sh -c go build -o main . # buildkit")
    anatomy = dissect(config, layers, chain)
    assert anatomy.origins == (None, *chain)
    assert {purpose: total.size_bytes for purpose, total in anatomy.by_purpose.items() if total.size_bytes} == {
        Purpose.TOOLCHAIN: 17,
        Purpose.BASE_SYSTEM: 3,
        Purpose.SOURCES: 2,
        Purpose.YOUR_PROGRAM: 9,
        Purpose.BUILD_CACHE: 90,
    }
    assert anatomy.by_layer[1][Purpose.SOURCES] == Total(2, 1)
    assert anatomy.program_bytes == 9
    assert anatomy.unpacked_bytes == 121
    assert anatomy.waste_bytes == 0
    assert anatomy.facts.has_path("/usr/local/go")


def test_waste_is_told_by_path_with_all_its_copies() -> None:
    big = file("big", 10 * MB)
    layers = [layer(big, file("x", 5)), layer(big, whiteout("x")), layer(big)]
    anatomy = dissect(settings(layers), layers)
    assert anatomy.waste_bytes == 20 * MB + 5
    assert [(one.path, one.size_bytes) for one in largest_waste(anatomy, 9)] == [("big", 20 * MB), ("x", 5)]
    assert [one.path for one in largest_waste(anatomy, 1)] == ["big"]


def test_rules_can_be_brought_along() -> None:
    rules = read_rules("format = 1\n[[rules]]\npurpose = 'toolchain'\npaths = ['/**']")
    layers = [layer(file("a", 1))]
    assert dissect(settings(layers), layers, rules=rules).by_purpose[Purpose.TOOLCHAIN] == Total(1, 1)


def test_as_many_layers_as_the_configuration_says() -> None:
    with pytest.raises(ValueError, match="has 0 layers, and 1 were given"):
        dissect(settings([]), [layer()])


def test_an_image_of_nothing_can_be_taken_apart() -> None:
    anatomy = dissect(settings([]), [])
    assert (anatomy.unpacked_bytes, largest_waste(anatomy, 3)) == (0, ())


@given(model_files())
def test_purposes_always_add_up(files: ModelFiles) -> None:
    anatomy = dissect(settings(files.layers), files.layers)
    total = sum((total for total in anatomy.by_purpose.values()), Total())
    assert total.size_bytes == anatomy.unpacked_bytes == sum(index.size_bytes for index in files.layers)
    for totals, size in zip(anatomy.by_layer, anatomy.merged.layer_bytes, strict=True):
        assert sum(part.size_bytes for part in totals.values()) == size
    assert set(anatomy.by_purpose) == set(PURPOSES)
    assert total.files == sum(kind in COUNTED for index in files.layers for kind in index.kinds)
    assert sum(one.size_bytes for one in largest_waste(anatomy, 1000)) == anatomy.waste_bytes
    assert anatomy.unpacked_bytes - anatomy.waste_bytes == files.live_bytes
