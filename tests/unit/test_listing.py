from __future__ import annotations

from collections import Counter

from hypothesis import given, settings

from tests.unit import layers as by_hand
from tests.unit.layers import file, folder, hard_link, layer, symlink, whiteout
from tests.unit.model_files import ModelFiles, model_files
from tui.image.anatomy import Anatomy, dissect
from tui.image.file_tree import ROOT, Mark
from tui.image.leftover import left_behind
from tui.image.listing import Listing, list_comparison, list_image, list_layer, list_left_behind
from tui.image.model import LayerIndex, Origin
from tui.image.purposes import PURPOSES, Purpose
from tui.image.waste import largest_waste

EXAMPLES = 500


def anatomy(*layers: LayerIndex) -> Anatomy:
    return dissect(by_hand.settings(layers), layers)


def said(listing: Listing) -> dict[str, tuple[Mark, str]]:
    tree = listing.tree
    return {tree.paths[node]: (Mark(tree.marks[node]), tree.note(node)) for node in tree.leaves()}


def test_an_image_lists_what_is_seen_and_what_is_carried_for_nothing() -> None:
    image = anatomy(
        layer(folder("app"), file("app/main", 10, "old"), file("app/cache", 90), symlink("app/link", "main")),
        layer(file("app/main", 10, "new"), whiteout("app/cache")),
    )
    listing = list_image(image)
    tree = listing.tree
    assert sorted(zip(tree.paths, map(Mark, tree.marks), strict=True))[2:] == [
        ("app/cache", Mark.WASTED),
        ("app/link", Mark.NONE),
        ("app/main", Mark.NONE),
        ("app/main", Mark.WASTED),
    ]
    assert said(listing)["app/cache"] == (Mark.WASTED, "removed by layer 2")
    assert said(listing)["app/link"] == (Mark.NONE, "→ main")
    assert tree.sizes[0] == image.unpacked_bytes


@settings(max_examples=EXAMPLES)
@given(model_files(), model_files())
def test_lists_add_up_to_the_figures_that_they_stand_behind(files: ModelFiles, others: ModelFiles) -> None:
    first, second = anatomy(*files.layers), anatomy(*others.layers)
    tree = list_image(first).tree
    assert tree.sizes[ROOT] == first.unpacked_bytes == sum(layer.size_bytes for layer in files.layers)
    for index, size in enumerate(first.merged.layer_bytes):
        assert list_layer(first, index).tree.sizes[ROOT] == size
    for number, purpose in enumerate(PURPOSES):
        leaves = [node for node in tree.leaves() if tree.groups[node] == number]
        assert sum(tree.sizes[node] for node in leaves) == first.by_purpose[purpose].size_bytes
    wasted = [node for node in tree.leaves() if tree.marks[node] == Mark.WASTED]
    assert sum(tree.sizes[node] for node in wasted) == first.waste_bytes
    assert sum(one.size_bytes for one in largest_waste(first, len(tree))) == first.waste_bytes
    seen = Counter(tree.paths[node] for node in tree.leaves() if tree.marks[node] != Mark.WASTED)
    assert set(seen) <= set(files.nodes)
    assert set(seen.values()) <= {1}
    left = left_behind(first, second)
    assert list_left_behind(left, 0).tree.sizes[ROOT] == left.size_bytes


def test_a_file_whose_first_name_was_replaced_is_listed_under_the_other() -> None:
    """The case that the property test found by chance."""
    below, above = layer(file("app", 5, "first")), layer(file("app", 7, "second"), hard_link("b", "app"))
    image = anatomy(below, above, layer(file("app", 0)))
    tree = list_image(image).tree
    listed = sorted((tree.paths[node], tree.sizes[node], Mark(tree.marks[node])) for node in tree.leaves())
    assert listed == [("app", 0, Mark.NONE), ("app", 5, Mark.WASTED), ("b", 7, Mark.NONE)]
    assert [(one.path, one.size_bytes) for one in largest_waste(image, 9)] == [("app", 5)]
    left = left_behind(image, anatomy(layer(file("elsewhere", 7, "second"))))
    assert list_left_behind(left, 0).tree.sizes[ROOT] == left.size_bytes == 5
    tree = list_layer(image, 1).tree
    assert [(tree.paths[node], tree.sizes[node], tree.note(node)) for node in tree.leaves()] == [
        ("app", 0, "→ b"),
        ("b", 7, ""),
    ]


def test_bytes_are_for_what_the_name_says_that_they_live_under() -> None:
    cache = layer(file("root/.cache/go-build/a", 5, "x"), hard_link("srv/x", "root/.cache/go-build/a"))
    assert anatomy(cache).by_purpose[Purpose.BUILD_CACHE].size_bytes == 5
    image = anatomy(cache, layer(whiteout("root/.cache")))
    assert image.by_purpose[Purpose.BUILD_CACHE].size_bytes == 0
    assert image.by_purpose[Purpose.OTHER].size_bytes == 5


def test_waste_is_tied_to_the_line_that_made_it() -> None:
    layers = (layer(file("a", 9), file("b", 9)), layer(whiteout("a"), file("b", 8, "new")))
    long = "rm /a && echo new > /b && echo and a good deal more"
    chain = (Origin("COPY . /", 2, "0"), Origin(f"RUN {long}", 3, "0"))
    tree = list_image(dissect(by_hand.settings(layers, "COPY . /", f"RUN {long}"), layers, chain)).tree
    assert [tree.note(node) for node in tree.leaves() if tree.marks[node] == Mark.WASTED] == [
        "removed by 3: RUN rm /a && echo new > /b && echo and …",
        "replaced by 3: RUN rm /a && echo new > /b && echo and …",
    ]


def test_a_folder_that_a_later_layer_lists_once_more_is_no_waste() -> None:
    image = anatomy(layer(folder("etc"), folder("gone"), file("gone/a", 1)), layer(folder("etc"), whiteout("gone")))
    listing = list_image(image)
    assert [listing.tree.paths[node] for node, mark in enumerate(listing.tree.marks) if mark == Mark.WASTED] == [
        "gone",
        "gone/a",
    ]
    assert listing.tree.paths.count("etc") == 1
    for tree, mark in ((listing.tree, Mark.NONE), (list_layer(image, 0).tree, Mark.ADDED)):
        etc = tree.paths.index("etc")
        assert (Mark(tree.marks[etc]), tree.note(etc)) == (mark, "")


def test_a_layer_lists_what_it_did() -> None:
    image = anatomy(layer(file("a", 1), file("b", 2)), layer(file("a", 3, "other"), file("c", 4), whiteout("b")))
    marks = {path: mark for path, (mark, _) in said(list_layer(image, 1)).items()}
    assert marks == {"a": Mark.CHANGED, "b": Mark.REMOVED, "c": Mark.ADDED}
    assert said(list_layer(image, 0))["b"][0] is Mark.WASTED


def test_a_comparison_tells_apart_what_is_in_one_in_both_and_different() -> None:
    first = anatomy(layer(file("same", 5), file("changed", 6, "x"), file("mine", 7)))
    second = anatomy(layer(file("same", 5), file("changed", 8, "y"), file("theirs", 9)))
    listing = list_comparison(first, second)
    assert said(listing) == {
        "same": (Mark.NONE, ""),
        "changed": (Mark.CHANGED, "8 bytes in the other"),
        "mine": (Mark.ONLY_LEFT, ""),
        "theirs": (Mark.ONLY_RIGHT, ""),
    }
    theirs = listing.tree.entries[listing.tree.paths.index("theirs")]
    assert listing.sources[theirs].image == 1


def test_a_hard_link_is_the_same_as_a_copy_of_its_file() -> None:
    linked = anatomy(layer(file("a", 5, "content"), hard_link("b", "a")))
    copied = anatomy(layer(file("b", 5, "content"), hard_link("a", "b")))
    assert {mark for mark, _ in said(list_comparison(linked, copied)).values()} == {Mark.NONE}
