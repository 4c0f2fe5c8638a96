from __future__ import annotations

import pytest

from tests.unit.layers import file, folder, layer, settings, symlink, whiteout
from tui.image.anatomy import Anatomy, dissect
from tui.image.forbidden import read_pattern
from tui.image.limits import Limits, violations
from tui.image.model import Program

STATIC = Program(is_executable=True, is_static=True, is_stripped=False, machine="amd64", go_module="example.com/a")
DYNAMIC = Program(
    is_executable=True, is_static=False, is_stripped=False, machine="amd64", interpreter="/lib/ld.so", go_module="a.b/c"
)


def image(program: Program = STATIC, user: str = "nobody") -> Anatomy:
    layers = (
        layer(file("usr/local/go/bin/go", 600, mode=0o755), file("cache", 300)),
        layer(file("app/main", 100, program=program, mode=0o755), whiteout("cache")),
    )
    return dissect(settings(layers, "", "COPY main /app/main", user=user), layers)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(max_bytes=999), "it has 1,000 bytes, and 999 are allowed"),
        (Limits(max_waste_bytes=299), "300 bytes are wasted, and 299 are allowed"),
        (Limits(max_waste_share=0.05), "30.0% of it is wasted, and 5.0% are allowed"),
        (Limits(forbidden_paths=("/usr/local/go",)), "/usr/local/go is in it"),
        (Limits(forbidden_paths=("/cache",)), "/cache is hidden in layer 1"),
    ],
)
def test_each_limit_that_is_broken_is_told(limits: Limits, said: str) -> None:
    assert list(violations(image(), 1000, limits)) == [said]


@pytest.mark.parametrize(
    ("wasted", "said"),
    [
        (3001, "30.01% of it is wasted, and 30.00% are allowed"),
        (4000, "40.0% of it is wasted, and 30.0% are allowed"),
    ],
)
def test_a_share_is_told_with_so_many_digits_that_it_differs_from_the_limit(wasted: int, said: str) -> None:
    layers = (layer(file("cache", wasted), file("kept", 10_000 - wasted)), layer(whiteout("cache")))
    anatomy = dissect(settings(layers), layers)
    assert list(violations(anatomy, 1, Limits(max_waste_share=0.3))) == [said]


def broken(pattern: str) -> list[str]:
    layers = (
        layer(
            folder("srv"), file("srv/main.go", 5), file("srv/deep/b.go", 0), file("etc/app.key", 0), folder("old"),
            symlink("link", "nowhere"), file("lost", 0), file("a[1]", 1),
        ),
        layer(whiteout("old"), whiteout("link"), whiteout("lost"), whiteout("etc/app.key"), whiteout("never")),
    )  # fmt: skip
    return list(violations(dissect(settings(layers), layers), 1, Limits(forbidden_paths=(pattern,))))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("*.go", "/srv/main.go and 1 more are in it (*.go)"),
        ("main.*", "/srv/main.go is in it (main.*)"),
        ("deep", "/srv/deep is in it (deep)"),
        ("/srv/*", "/srv/deep and 1 more are in it (/srv/*)"),
        ("/s?v/main.go", "/srv/main.go is in it (/s?v/main.go)"),
        ("/*/deep/", "/srv/deep is in it (/*/deep)"),
        ("srv/deep", "/srv/deep is in it"),
        ("/srv/", "/srv is in it"),
        ("/a[1]", "/a[1] is in it"),
        ("*.key", "/etc/app.key is hidden in layer 1 (*.key)"),
        ("/etc/*.key", "/etc/app.key is hidden in layer 1 (/etc/*.key)"),
    ],
)
def test_a_pattern_forbids_names_or_whole_paths(pattern: str, said: str) -> None:
    assert broken(pattern) == [said]


@pytest.mark.parametrize("path", ["/old", "/link", "/lost"])
def test_folders_links_and_empty_files_that_are_hidden_count_too(path: str) -> None:
    assert broken(path) == [f"{path} is hidden in layer 1"]


@pytest.mark.parametrize("pattern", ["never", "/never", "*.py", "/main.go", "ain.go", "/srv/d?ep?", "/usr/*"])
def test_what_is_not_there_is_not_forbidden(pattern: str) -> None:
    assert broken(pattern) == []


@pytest.mark.parametrize("pattern", ["", " ", "/", "//", ".", "..", "/..", "./"])
def test_a_pattern_that_forbids_nothing_or_everything_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"write it like /usr/local/go or \*\.go"):
        read_pattern(pattern)


def test_what_is_kept_to_is_not_told() -> None:
    limits = Limits(1000, 300, 0.3, ("/nowhere",), require_static=True, require_non_root=True)
    assert list(violations(image(), 1000, limits)) == []


def test_a_program_that_needs_a_loader_is_not_static() -> None:
    assert list(violations(image(DYNAMIC), 1, Limits(require_static=True))) == [
        "/app/main is not static: it needs /lib/ld.so"
    ]


def test_an_image_without_a_program_cannot_be_called_static() -> None:
    layers = (layer(file("etc/motd", 3)),)
    anatomy = dissect(settings(layers), layers)
    assert len(list(violations(anatomy, 3, Limits(require_static=True)))) == 1


@pytest.mark.parametrize("user", ["", "root", "0", "0:0"])
def test_root_by_any_name_is_root(user: str) -> None:
    assert list(violations(image(user=user), 1, Limits(require_non_root=True))) == ["it runs as root"]
