from __future__ import annotations

import pytest

from tests.unit.layers import file, layer, settings, whiteout
from tui.image.anatomy import Anatomy, dissect
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
