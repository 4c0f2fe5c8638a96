"""The paths that waste most, and by whom."""

from __future__ import annotations

from tests.unit.layers import file, layer, settings, whiteout
from tui.image.anatomy import dissect
from tui.image.waste import Waste, largest_waste


def test_copies_at_one_path_are_told_together_with_what_ended_the_last() -> None:
    layers = (
        layer(file("a", 10, "one"), file("b", 15), file("empty", 0)),
        layer(file("a", 20, "two")),
        layer(whiteout("a"), whiteout("empty")),
        layer(file("b", 1, "other")),
    )
    anatomy = dissect(settings(layers, "COPY . /", "RUN make a", f"RUN rm a {'b ' * 30}c", "RUN make b"), layers)
    assert largest_waste(anatomy, 5) == (
        Waste("a", 30, f"removed by RUN rm a {'b ' * 30}c"),
        Waste("b", 15, "replaced by RUN make b"),
    )
    assert [one.path for one in largest_waste(anatomy, 1)] == ["a"]


def test_an_image_without_waste_has_none_to_tell() -> None:
    layers = (layer(file("a", 10)),)
    assert largest_waste(dissect(settings(layers), layers), 5) == ()
