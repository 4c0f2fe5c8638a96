"""Two small images as archives: what the scripted engine hands out when an image is looked into."""

from __future__ import annotations

from tests.unit.archives import Entry, config_of, docker_archive, folder, symlink, tar_of

ELF = b"\x7fELF\2\1\1" + bytes(9) + b"\2\0\x3e\0\1\0\0\0" + bytes(40) + b"program" * 3000
"""An executable for amd64 that says nothing more of itself."""


def _history(*instructions: str) -> list[dict[str, object]]:
    """A line each; those in brackets have no layer."""
    return [{"created_by": text.strip("()"), "empty_layer": text.startswith("(")} for text in instructions]


_SIMPLE_LAYERS = [
    tar_of(
        folder("usr"),
        Entry("usr/lib/libc.so", b"c" * 60_000),
        Entry("usr/local/go/bin/go", b"go" * 90_000, mode=0o755),
        Entry("usr/local/go/VERSION", b"go1.27\n"),
        Entry("etc/passwd", b"root:x:0:0::/root:/bin/sh\n"),
    ),
    tar_of(folder("app")),
    tar_of(
        Entry("app/main.go", b"package main\n\nfunc main() {}\n"),
        Entry("app/notes \x1b[31m[bold]", b"x" * 99),
        Entry("app/draft.txt", b"replaced below\n" * 40),
    ),
    tar_of(
        Entry("app/main", ELF, mode=0o755),
        Entry("app/.wh.draft.txt"),
        Entry("root/.cache/go-build/ab", b"cache" * 12_000),
    ),
]
SIMPLE_ARCHIVE = docker_archive(
    _SIMPLE_LAYERS,
    config=config_of(
        _SIMPLE_LAYERS,
        config={"Cmd": ["/app/main"], "ExposedPorts": {"8080/tcp": {}}},
        history=_history(
            "", "WORKDIR /app", "COPY . . # buildkit", "RUN /bin/sh -c go build -o main . # buildkit",
            "(EXPOSE map[8080/tcp:{}])", '(CMD ["/app/main"])',
        ),
    ),
)  # fmt: skip

_MULTISTAGE_LAYERS = [
    tar_of(
        folder("bin"),
        Entry("bin/busybox", b"busybox" * 1500, mode=0o755),
        symlink("bin/sh", "busybox"),
        Entry("etc/passwd", b"root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n"),
    ),
    tar_of(Entry("main", ELF, mode=0o755)),
]
MULTISTAGE_ARCHIVE = docker_archive(
    _MULTISTAGE_LAYERS,
    config=config_of(
        _MULTISTAGE_LAYERS,
        config={"Cmd": ["/main"], "User": "nobody", "ExposedPorts": {"8080/tcp": {}}},
        history=_history(
            "", "COPY /app/main /main # buildkit", "(USER nobody)", "(EXPOSE map[8080/tcp:{}])", '(CMD ["/main"])'
        ),
    ),
)
