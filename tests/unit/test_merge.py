from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.unit.layers import Member, digest_of, file, folder, hard_link, layer, opaque, symlink, whiteout
from tests.unit.model_files import ModelFiles, model_files
from tui.image import merge as merging
from tui.image.errors import ArchiveDamaged
from tui.image.merge import Change, Fate, Merged, Place, merge
from tui.image.model import Kind, LayerIndex

MB = 1_000_000
EXAMPLES = 600


def fates(merged: Merged, index: int) -> dict[str, Fate]:
    return dict(zip(merged.layers[index].paths, map(Fate, merged.fates[index]), strict=True))


def changes(merged: Merged, index: int) -> list[Change]:
    return list(map(Change, merged.changes[index]))


def live_bytes(merged: Merged) -> int:
    """What a container sees: files (each once, however many hard links it has) and the targets of symlinks."""
    return merged.unpacked_bytes - merged.waste_bytes


def figures(*layers: LayerIndex) -> tuple[int, int]:
    """Live bytes and waste."""
    merged = merge(layers)
    return live_bytes(merged), merged.waste_bytes


def test_a_change_of_mode_wastes_the_first_copy_only() -> None:
    assert figures(layer(file("big", 10 * MB)), layer(file("big", 10 * MB, mode=0o755))) == (10 * MB, 10 * MB)


def test_a_removed_file_is_waste() -> None:
    assert figures(layer(file("big", 10 * MB)), layer(whiteout("big"))) == (0, 10 * MB)


def test_a_removed_folder_is_waste_with_all_that_is_in_it() -> None:
    below = layer(folder("d"), folder("d/e"), file("d/e/one", 7 * MB), file("d/two", 8 * MB), file("dd", 5))
    assert figures(below, layer(whiteout("d"))) == (5, 15 * MB)


def test_a_moved_file_is_carried_twice_and_wasted_once() -> None:
    assert figures(layer(file("a", MB, "same")), layer(whiteout("a"), file("b", MB, "same"))) == (MB, MB)


def test_each_member_tells_what_it_did_and_what_became_of_it() -> None:
    merged = merge([layer(file("a", 1), file("b", 1), file("c", 1)), layer(file("a", 2), whiteout("b"), file("d", 1))])
    assert fates(merged, 0) == {"a": Fate.REPLACED, "b": Fate.REMOVED, "c": Fate.LIVE}
    assert fates(merged, 1) == {"a": Fate.LIVE, "b": Fate.MARK, "d": Fate.LIVE}
    assert changes(merged, 0) == [Change.ADDED] * 3
    assert changes(merged, 1) == [Change.CHANGED, Change.REMOVES, Change.ADDED]
    assert merged.ended_by == ({0: 1, 1: 1}, {})
    assert merged.layer_waste == (2, 0)
    assert merged.find("/a") == Place(1, 0)
    assert merged.find("b") is None


def test_a_whiteout_never_touches_its_own_layer_wherever_it_stands() -> None:
    below = layer(folder("d"), file("d/old", 1), file("d/both", 2))
    own = [folder("d"), file("d/both", 4), file("d/new", 8)]
    for members in ([opaque("d"), *own], [*own, opaque("d")], [whiteout("d"), *own], [*own, whiteout("d")]):
        merged = merge([below, layer(*members)])
        assert set(merged.live) == {"d", "d/both", "d/new"}
        assert fates(merged, 0) == {"d": Fate.MERGED, "d/old": Fate.REMOVED, "d/both": Fate.REPLACED}
        written = members.index(file("d/both", 4))
        assert changes(merged, 1)[written] is Change.CHANGED


def test_an_opaque_root_takes_all_that_is_below() -> None:
    merged = merge([layer(folder(""), file("a/b", 1), file("c", 2)), layer(opaque(""), file("a/d", 4))])
    assert set(merged.live) == {"", "a/d"}
    assert merged.waste_bytes == 3


def test_a_folder_over_a_folder_merges() -> None:
    merged = merge([layer(folder("d"), file("d/a", 1)), layer(folder("d"), file("d/b", 2))])
    assert set(merged.live) == {"d", "d/a", "d/b"}
    assert merged.find("d") == Place(1, 0)
    assert merged.waste_bytes == 0


def test_what_is_no_folder_takes_a_folders_place() -> None:
    for folders in ([folder("d"), folder("d/e")], []):
        merged = merge([layer(*folders, file("d/e/x", 3)), layer(symlink("d", "else"))])
        assert set(merged.live) == {"d"}
        assert not merged.has("d/e")
        assert (live_bytes(merged), merged.waste_bytes) == (4, 3)
        assert changes(merged, 1) == [Change.CHANGED]


def test_a_folder_takes_the_place_of_what_is_none_even_when_nothing_lists_it() -> None:
    for folders in ([folder("lib")], []):
        merged = merge([layer(symlink("lib", "usr/lib")), layer(*folders, file("lib/x", 3))])
        assert merged.waste_bytes == len("usr/lib")
        assert merged.has("lib")
        assert merged.resolve("/lib/x") == "lib/x"


def test_folders_that_nothing_lists_are_known_all_the_same() -> None:
    merged = merge([layer(file("usr/local/go/VERSION", 1))])
    assert merged.implied == {"usr", "usr/local", "usr/local/go"}
    assert merged.has("/usr/local/go/")
    assert not merged.has("/usr/local/g")


def test_a_folder_listed_after_what_is_in_it_is_no_change() -> None:
    merged = merge([layer(file("d/a", 1), folder("d"))])
    assert changes(merged, 0) == [Change.ADDED] * 2
    assert merged.implied == frozenset()


def test_a_path_may_be_deeper_than_anything_that_calls_itself() -> None:
    deep = "/".join("d" * 2000)
    merged = merge([layer(file(deep, 1)), layer(file(f"{deep}/x", 2)), layer(whiteout("d"))])
    assert (merged.live, merged.implied, merged.waste_bytes) == ({}, frozenset(), 3)
    assert len(merge([layer(file(deep, 1))]).implied) == 1999


def test_bytes_are_live_while_any_name_is() -> None:
    below = layer(file("a", 10), hard_link("b", "a"), hard_link("c", "b"))
    assert figures(below) == (10, 0)
    assert figures(below, layer(whiteout("a"))) == (10, 0)
    assert figures(below, layer(whiteout("a"), whiteout("b"))) == (10, 0)
    assert figures(below, layer(whiteout("a"), whiteout("b"), whiteout("c"))) == (0, 10)
    assert figures(below, layer(file("a", 3), whiteout("b"), whiteout("c"))) == (3, 10)


def holder_of(merged: Merged, path: str) -> tuple[str, int]:
    """The name that has the bytes of what a container sees at a path, and how many they are."""
    found = merged.find(path)
    assert found is not None
    place = merged.content(found)
    layer = merged.layers[place.layer]
    return layer.paths[place.member], layer.sizes[place.member]


TWO_NAMES = layer(file("app", 10, "old"), hard_link("b", "app"), hard_link("c", "b"))


@pytest.mark.parametrize(
    ("above", "heir"),
    [
        ([file("app", 3)], "b"),
        ([whiteout("app")], "b"),
        ([folder("app"), file("app/x", 3)], "b"),
        ([file("app/x", 3)], "b"),
        ([file("app", 3), whiteout("b")], "c"),
        ([file("app", 3), file("b", 4)], "c"),
        ([hard_link("app", "app")], "b"),
    ],
    ids=["replaced", "removed", "by a folder", "by what is in a folder", "the next too", "both replaced", "by nothing"],
)
def test_bytes_live_on_under_the_next_name(above: list[Member], heir: str) -> None:
    merged = merge([TWO_NAMES, layer(*above)])
    assert holder_of(merged, "c") == (heir, 10)
    assert merged.waste_bytes == 0
    assert sum(merged.layers[0].sizes) == 10
    app = Place(0, 0)
    assert (merged.kind(app), merged.layers[0].links[0], merged.wasted[0][0]) == (Kind.HARDLINK, heir, 0)
    found = merged.find(heir)
    assert found is not None
    assert merged.kind(found) is Kind.FILE
    assert merged.archived_path(found) == "app"


def test_bytes_that_no_name_has_any_more_stay_with_the_one_that_brought_them() -> None:
    for above in ([file("app", 3), whiteout("b"), whiteout("c")], [file(name, 1) for name in ("app", "b", "c")]):
        merged = merge([TWO_NAMES, layer(*above)])
        assert list(merged.layers[0].sizes) == [10, 0, 0]
        assert merged.waste_bytes == 10
        assert list(merged.wasted[0]) == [1, 1, 1]
    merged = merge([layer(folder("d"), file("d/app", 10), hard_link("d/b", "d/app")), layer(opaque("d"), folder("d"))])
    assert (merged.waste_bytes, merged.unpacked_bytes) == (10, 10)


def test_an_opaque_folder_takes_one_name_and_leaves_the_other() -> None:
    merged = merge([layer(folder("d"), file("d/app", 10), hard_link("b", "d/app")), layer(folder("d"), opaque("d"))])
    assert holder_of(merged, "b") == ("b", 10)
    assert merged.waste_bytes == 0


def test_a_layer_may_link_to_a_file_of_one_below() -> None:
    below = layer(file("app", 10))
    linked = layer(hard_link("b", "app"))
    assert figures(below, linked) == (10, 0)
    assert holder_of(merge([below, linked]), "b") == ("app", 10)
    for last in (layer(whiteout("app")), layer(file("app", 3))):
        merged = merge([below, linked, last])
        assert holder_of(merged, "b") == ("b", 10)
        assert merged.waste_bytes == 0
        assert merged.layer_bytes[:2] == (0, 10)


def test_a_link_is_to_what_stands_there_when_it_is_made() -> None:
    own = merge([layer(file("app", 10, "old")), layer(file("app", 3, "new"), hard_link("b", "app"))])
    assert holder_of(own, "b") == ("app", 3)
    assert own.waste_bytes == 10
    before = merge([layer(file("app", 10, "old"), hard_link("b", "app"), file("app", 3, "new"))])
    assert holder_of(before, "b") == ("b", 10)
    assert holder_of(before, "app") == ("app", 3)


def test_a_symlink_has_further_names_too() -> None:
    below = layer(file("usr/lib/x", 9), symlink("lib", "usr/lib"), hard_link("also", "lib"))
    for merged in (merge([below]), merge([below, layer(whiteout("lib"))])):
        assert merged.resolve("also/x") == "usr/lib/x"
        assert (live_bytes(merged), merged.waste_bytes) == (9 + len("usr/lib"), 0)


def test_a_link_that_leads_nowhere_has_no_bytes() -> None:
    for target in ("absent", "folder", "late", "b", ""):
        merged = merge([layer(folder("folder"), hard_link("b", target), hard_link("c", "b"), file("late", 5))])
        assert holder_of(merged, "b") == ("b", 0)
        assert holder_of(merged, "c") == ("c", 0)
        assert (live_bytes(merged), merged.waste_bytes) == (5, 0)


def test_a_file_with_two_names_is_wasted_once_it_was_written_anew_under_both() -> None:
    """The case that a property test found by chance."""
    merged = merge(
        [layer(file("app", 1, "first")), layer(file("app", 1, "second"), hard_link("b", "app")), layer(file("app", 0))]
    )
    assert (live_bytes(merged), merged.waste_bytes) == (1, 1)
    assert holder_of(merged, "b") == ("b", 1)
    assert list(merged.layers[1].sizes) == [0, 1]


def test_the_later_of_two_members_at_one_path_wins() -> None:
    merged = merge([layer(file("a", 1), file("a", 2))])
    assert merged.find("a") == Place(0, 1)
    assert list(merged.fates[0]) == [Fate.REPLACED, Fate.LIVE]
    assert changes(merged, 0) == [Change.ADDED] * 2
    assert (live_bytes(merged), merged.waste_bytes) == (2, 1)


def test_the_same_layer_twice_is_carried_twice() -> None:
    once = layer(file("a", 5))
    assert figures(once, once) == (5, 5)


def test_links_are_followed_and_circles_end() -> None:
    merged = merge(
        [
            layer(
                symlink("bin", "usr/bin"),
                symlink("usr/bin/sh", "../lib/./dash"),
                file("usr/lib/dash", 9),
                symlink("absolute", "/bin/sh"),
                symlink("up", "../../../usr"),
                symlink("circle", "circle"),
                symlink("nowhere", "/absent"),
            )
        ]
    )
    assert merged.resolve("/bin/sh") == merged.resolve("absolute") == merged.resolve("up/bin/sh") == "usr/lib/dash"
    assert merged.resolve("/") == ""
    assert merged.resolve("circle") is None
    assert merged.resolve("/nowhere") is None
    assert merged.resolve("usr/lib/dash/x") is None
    assert merged.find("/bin/sh") is None


def test_no_layers_are_an_empty_file_system() -> None:
    merged = merge([])
    assert (merged.live, live_bytes(merged), merged.waste_bytes) == ({}, 0, 0)


@settings(max_examples=EXAMPLES)
@given(model_files())
def test_any_operations_leave_what_a_simple_file_system_has(files: ModelFiles) -> None:
    merged = merge(files.layers)
    assert set(merged.live) == set(files.nodes)
    for path, place in merged.live_members():
        node, content = files.nodes[path], merged.content(place)
        layer = merged.layers[content.layer]
        assert merged.kind(content) == node.member.kind
        assert layer.sizes[content.member] == node.member.size
        assert layer.digest(content.member) == digest_of(node.member)
        assert layer.links.get(content.member) == node.member.link
        assert place.layer == files.listed[path]
    assert live_bytes(merged) == files.live_bytes
    assert merged.unpacked_bytes == sum(layer.size_bytes for layer in files.layers)


@settings(max_examples=EXAMPLES)
@given(model_files())
def test_bytes_stand_at_one_of_the_names_that_a_container_sees(files: ModelFiles) -> None:
    merged = merge(files.layers)
    for names in files.names().values():
        places = [place for name in names if (place := merged.find(name)) is not None]
        assert len(places) == len(names)
        holders = [place for place in places if merged.kind(place) is not Kind.HARDLINK]
        assert len(holders) == 1
        assert {merged.content(place) for place in places} == set(holders)
        for place in places:
            if place not in holders:
                holder = holders[0]
                target = merged.layers[place.layer].links[place.member]
                assert target == merged.layers[holder.layer].paths[holder.member]


@settings(max_examples=EXAMPLES)
@given(model_files())
def test_fates_and_the_live_files_tell_the_same(files: ModelFiles) -> None:
    merged = merge(files.layers)
    live = {merged.place(number) for number in merged.live.values()}
    for index, column in enumerate(merged.fates):
        assert {member for member, fate in enumerate(column) if fate == Fate.LIVE} == {
            place.member for place in live if place.layer == index
        }
        ended = {member for member, fate in enumerate(column) if fate not in (Fate.LIVE, Fate.MARK)}
        assert ended == set(merged.ended_by[index])


def test_folders_that_only_deep_paths_imply_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = "/".join("x" * 20)
    monkeypatch.setattr(merging, "MOST_FOLDER_LETTERS", 2 * len(deep) ** 2)
    merge([layer(*(file(f"{top}/{deep}", 1) for top in "ab"))])
    with pytest.raises(ArchiveDamaged, match="more and deeper folders"):
        merge([layer(*(file(f"{top}/{deep}", 1) for top in "abcdefgh"))])
