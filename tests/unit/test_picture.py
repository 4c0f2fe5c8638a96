"""The picture of images that can be taken along."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests.unit.layers import file, layer, settings
from tui.image.anatomy import dissect
from tui.image.picture import LEFT, LONGEST_NAME, WIDTH, as_svg

SVG = "{http://www.w3.org/2000/svg}"
LONG = "registry.example.com/a-team/with-a-name/that-has-no-end/and-goes-on-and-on/echo:1.27.3-bookworm"


@pytest.mark.parametrize("name", ["echo", LONG, "目" * 200, "<&>\x1b"])
def test_no_name_runs_under_a_bar_or_out_of_the_picture(name: str) -> None:
    layers = (layer(file("usr/lib/libc.so", 600), file("srv/notes", 300)),)
    anatomy = dissect(settings(layers), layers)
    picture = ET.fromstring(as_svg([(name, anatomy), (name, anatomy)], ["900 B", "900 B"]))
    names = [text for text in picture.iter(f"{SVG}text") if text.find(f"{SVG}title") is not None]
    bars = [rect for rect in picture.iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None]
    tops = {float(bar.attrib["y"]) for bar in bars}
    bottoms = {float(bar.attrib["y"]) + float(bar.attrib["height"]) for bar in bars}
    assert len(names) == len(tops) == 2
    for text, top, above in zip(names, sorted(tops), [0.0, *sorted(bottoms)], strict=False):
        size = float(text.attrib["font-size"])
        assert above + size < float(text.attrib["y"]) < top
        assert LEFT + size * len(text[0].tail or "") < WIDTH
        assert len(text[0].tail or "") <= LONGEST_NAME


def test_a_name_that_is_shortened_can_still_be_read_whole() -> None:
    layers = (layer(file("a", 1)),)
    picture = ET.fromstring(as_svg([(LONG, dissect(settings(layers), layers))], ["1 B"]))
    titles = [title.text for title in picture.iter(f"{SVG}title")]
    assert LONG in titles


def test_a_figure_beside_the_longest_bar_is_in_the_picture() -> None:
    layers = (layer(file("a", 10**9)),)
    picture = ET.fromstring(as_svg([("a", dissect(settings(layers), layers))], ["1.00 GB"]))
    figure = next(text for text in picture.iter(f"{SVG}text") if text.text == "1.00 GB")
    assert float(figure.attrib["x"]) + 14 * len("1.00 GB") < WIDTH


def test_an_image_without_layers_is_a_picture_too() -> None:
    assert ET.fromstring(as_svg([("a", dissect(settings(()), ()))], ["0 B"])).find(f"{SVG}text") is not None
