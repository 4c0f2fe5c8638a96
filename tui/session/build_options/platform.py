"""The platform of an image: `os/arch[/variant]`, with the other names that containerd knows for an architecture."""

from __future__ import annotations

import re

from tui.session.build_options.model import OptionRefused

ARCHITECTURES = {
    "aarch64": "arm64",
    "arm64/v8": "arm64",
    "x86_64": "amd64",
    "x86-64": "amd64",
    "amd64/v1": "amd64",
    "i386": "386",
    "armhf": "arm/v7",
    "armel": "arm/v6",
}
KNOWN = frozenset(
    {"386", "amd64", "arm", "arm64", "loong64", "mips64le", "ppc64le", "riscv64", "s390x", *ARCHITECTURES}
)
"""What can stand alone: the system is Linux then."""
_PLATFORM = re.compile(r"[\w.-]+/[\w.-]+(?:/[\w.-]+)?", re.ASCII)


def read_platform(text: str, source: str) -> str:
    """`linux/arm64` of `linux/aarch64` or `arm64`. `source` is where it was written. Raises OptionRefused."""
    wanted = text.strip().lower()
    if "," in wanted:
        raise OptionRefused(f"{source} names several platforms: images are built here for one at a time.")
    if wanted in KNOWN:
        wanted = f"linux/{wanted}"
    if not _PLATFORM.fullmatch(wanted):
        raise OptionRefused(f"{source} is {text!r}: write it like linux/amd64 or linux/arm64/v8.")
    system, _, architecture = wanted.partition("/")
    return f"{system}/{ARCHITECTURES.get(architecture, architecture)}"
