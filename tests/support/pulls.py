"""Events of builds that stop in the middle of something that takes long."""

from __future__ import annotations

from collections.abc import Iterable

from tui.engine.events import (
    Activity,
    BuildEvent,
    BuildStarted,
    BuildSucceeded,
    StepPaused,
    StepPlanned,
    StepProgress,
    StepStarted,
)
from tui.engine.model import Image
from tui.engine.request import Builder

LAYERS = {
    "sha256:4f4fb700ef54461cfa02571ae0db9a0dc1e0cdb5577484a6d75e68dc38e8acc1": 49_300_000,
    "sha256:c1e0ce7b55e39b1a1b8b3d1b8b3e9a6a7f6f3a0d5b2c4e8f9a0b1c2d3e4f5a6b": 24_000_000,
    "sha256:9b8d0a2bd1c7f5e6a3948271605f4e3d2c1b0a99887766554433221100ffeedd": 64_400_000,
    "sha256:1a490a9e2bfdec1da3f82e433f8cfc1af17eb34a44d02de251bc4c0fbdd4484f": 102_000_000,
    "sha256:8e347c647ab51cb3703c2cc3c0ca41374dac4be5b4e43fd5a8574004b790098b": 72_100_000,
    "sha256:46c6108e8574ec759ee392c898a4b93bc5426a5e3e713a2158de26bb97caae28": 126,
    "sha256:91f0e51d0592cf214eecfd5f7d44fb085c86028c3b888701fcc8d165772ee5af": 32,
}
"""Digests and sizes, as a Go image has them."""
SHARES = (1.0, 1.0, 0.7, 0.1, 0.2, 1.0, 1.0)
"""How far the download of each is, in the middle."""


def begun() -> list[BuildEvent]:
    """A build whose base image is resolved and about to be pulled."""
    return [
        BuildStarted(0.0, Builder.BUILDKIT),
        StepPlanned(0.1, "base", "FROM golang:1.27-bookworm AS builder", "builder", 2),
        StepPlanned(0.1, "compile", "RUN go build -o main .", "builder", 9),
        StepPlanned(0.1, "final", "FROM alpine:3.24", "production", 12),
        StepStarted(0.2, "base"),
        StepPaused(0.3, "base"),
        StepStarted(0.3, "base"),
    ]


def downloads(at: float, shares: Iterable[float] = SHARES) -> list[BuildEvent]:
    """Where the download of each layer is by now."""
    return [
        StepProgress(at, "base", name, round(size * share), size, share == 1.0, Activity.DOWNLOADING)
        for (name, size), share in zip(LAYERS.items(), shares, strict=True)
    ]


def downloading(image: Image) -> list[BuildEvent]:
    """A build whose base image comes, four of seven layers being here."""
    return [
        *begun(),
        *downloads(1.0, [0.0] * len(LAYERS)),
        *downloads(10.0, [0.8, 1.0, 0.1, 0.0, 0.0, 1.0, 1.0]),
        *downloads(14.0),
        BuildSucceeded(60.0, image),
    ]


def extracting(image: Image) -> list[BuildEvent]:
    """A build whose base image is here and is being extracted: two layers are, the third is under way."""
    first, second, third, *_ = LAYERS
    return [
        *begun(),
        *downloads(1.0, [0.0] * len(LAYERS)),
        *downloads(28.0, [1.0] * len(LAYERS)),
        StepProgress(28.1, "base", first, 0, 0, activity=Activity.EXTRACTING),
        StepProgress(30.0, "base", first, 0, 0, done=True, activity=Activity.EXTRACTING),
        StepProgress(30.1, "base", second, 0, 0, activity=Activity.EXTRACTING),
        StepProgress(31.0, "base", second, 0, 0, done=True, activity=Activity.EXTRACTING),
        StepProgress(31.1, "base", third, 0, 0, activity=Activity.EXTRACTING),
        BuildSucceeded(60.0, image),
    ]


def transferring(image: Image) -> list[BuildEvent]:
    """A build that sends its context, and has just begun to export another's layers."""
    return [
        *begun(),
        StepPlanned(0.4, "context", "[internal] load build context", internal=True),
        StepStarted(0.4, "context"),
        StepProgress(0.5, "context", "transferring context", 26, 0, activity=Activity.TRANSFERRING),
        StepProgress(2.5, "context", "transferring context", 62_926_110, 0, activity=Activity.TRANSFERRING),
        StepPlanned(2.6, "export", "exporting to image", internal=True),
        StepStarted(2.6, "export"),
        StepProgress(2.6, "export", "exporting layers", 0, 0, activity=Activity.EXPORTING),
        BuildSucceeded(60.0, image),
    ]
