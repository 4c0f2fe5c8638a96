from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tui.engine.images import instruction_of, parse_time, read_image
from tui.engine.model import SizeBasis

INSPECTED = {
    "Id": "sha256:abc",
    "RepoTags": ["a/b:c"],
    "Size": 300,
    "Os": "linux",
    "Architecture": "arm",
    "Variant": "v7",
    "Created": "2026-11-24T10:11:12.123456789Z",
    "Config": {"User": "nobody", "Labels": {"k": "v"}},
}
HISTORY = [
    {"CreatedBy": 'CMD ["/main"]', "Size": 0, "Created": 1_790_000_000},
    {"CreatedBy": "/bin/sh -c #(nop) COPY file:1 in /main ", "Size": 200, "Created": 0},
    {"CreatedBy": "", "Comment": "Imported from -", "Size": 100, "Created": 1_780_000_000},
]  # newest first, as the engine sends it


def test_on_a_graph_driver_the_size_is_the_unpacked_one() -> None:
    image = read_image(INSPECTED, HISTORY, SizeBasis.UNPACKED)
    assert (image.size_bytes, image.size_basis, image.unpacked_bytes, image.packed_bytes) == (
        300,
        SizeBasis.UNPACKED,
        300,
        None,
    )
    assert (image.platform, image.user, image.labels) == ("linux/arm/v7", "nobody", {"k": "v"})
    assert image.created == datetime(2026, 11, 24, 10, 11, 12, 123456, UTC)
    assert [(layer.created_by, layer.size_bytes) for layer in image.layers] == [
        ("", 100),
        ("COPY file:1 in /main", 200),
        ('CMD ["/main"]', 0),
    ]


def test_on_the_containerd_store_both_figures_are_kept_and_named() -> None:
    manifests = [
        {"Kind": "attestation", "Available": True, "Size": {"Content": 7}},
        {"Kind": "image", "Available": False, "Size": {"Content": 9}},
        {"Kind": "image", "Available": True, "Size": {"Content": 120}, "ImageData": {"Size": {"Unpacked": 300}}},
    ]
    image = read_image({**INSPECTED, "Manifests": manifests}, HISTORY, SizeBasis.PACKED_AND_UNPACKED)
    assert (image.packed_bytes, image.unpacked_bytes, image.size_bytes) == (120, 300, 420)
    assert image.size_basis is SizeBasis.PACKED_AND_UNPACKED


def test_a_containerd_store_that_tells_no_split_is_called_packed() -> None:
    image = read_image(INSPECTED, HISTORY, SizeBasis.PACKED_AND_UNPACKED)
    assert (image.size_bytes, image.size_basis, image.packed_bytes) == (300, SizeBasis.PACKED, 300)


@pytest.mark.parametrize(
    ("created_by", "instruction"),
    [
        ("/bin/sh -c #(nop)  EXPOSE 8080", "EXPOSE 8080"),
        ("/bin/sh -c go build -o main .", "RUN go build -o main ."),
        ("RUN /bin/sh -c go build -o main . # buildkit", "RUN go build -o main ."),
        ("RUN |1 V=2 /bin/sh -c echo $V # buildkit", "RUN echo $V"),
        ("COPY /app/main /main # buildkit", "COPY /app/main /main"),
        ('CMD ["/main"]', 'CMD ["/main"]'),
        ("", ""),
    ],
)
def test_what_the_builders_wrap_around_an_instruction_is_taken_off(created_by: str, instruction: str) -> None:
    assert instruction_of(created_by) == instruction


def test_no_date_is_none() -> None:
    assert parse_time("0001-01-01T00:00:00Z") is None
    assert parse_time("") is None
