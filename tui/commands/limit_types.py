"""The limits of `jettison inspect` as options of the command line: what is wrong with one is told in a sentence."""

from __future__ import annotations

import re

import click

_SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*%")


class SizeOrShare(click.ParamType[int | float]):
    """`20MB`, or `5%` where a share makes sense: bytes as int, a share as float from 0 to 1."""

    name = "SIZE"

    def __init__(self, *, takes_share: bool) -> None:
        self._takes_share = takes_share

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int | float:
        """Read it; click tells of what is none."""
        from tui.figures import parse_size

        text = str(value).strip()
        if self._takes_share and text.endswith("%"):
            share = _SHARE.fullmatch(text)
            if share is None or float(share[1]) > 100:
                self.fail(f"{text!r} is no share: write it like 5% or 0.5%, from 0% to 100%", param, ctx)
            return float(share[1]) / 100
        try:
            return parse_size(text)
        except (ValueError, OverflowError):
            share_words = ", or as a share like 5%" if self._takes_share else ""
            self.fail(f"{text!r} is no size: write it like 20MB or 1.5GiB{share_words}", param, ctx)


class ForbiddenPath(click.ParamType[str]):
    """A path or a shell pattern of paths, as `read_pattern` understands it."""

    name = "PATH"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read it; click tells of what forbids nothing or everything."""
        from tui.image.forbidden import read_pattern

        try:
            return read_pattern(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


SIZE = SizeOrShare(takes_share=False)
SIZE_OR_SHARE = SizeOrShare(takes_share=True)
FORBIDDEN_PATH = ForbiddenPath()
