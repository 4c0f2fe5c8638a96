"""The two themes of the house, and the colours that carry a meaning.

Meanings: `$accent` is what can be acted on; `$stage-builder` and `$stage-production` mark the two stages in
Dockerfiles, steps, layers and bars alike; `$purpose-…` say what bytes are there for; `$error` is kept for failures
that nobody expected.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = "jettison-dark"
LIGHT = "jettison-light"

STAGE_BUILDER = "stage-builder"
STAGE_PRODUCTION = "stage-production"

DARK_VARIABLES = {
    STAGE_BUILDER: "#e8a061",
    STAGE_PRODUCTION: "#56c2b1",
    "purpose-base": "#71829a",
    "purpose-toolchain": "#e8a061",
    "purpose-build-cache": "#d8c46a",
    "purpose-module-cache": "#a78fe0",
    "purpose-packages": "#c07a97",
    "purpose-sources": "#a8c06a",
    "purpose-program": "#56c2b1",
    "purpose-other": "#515d6d",
}
LIGHT_VARIABLES = {
    STAGE_BUILDER: "#a8560f",
    STAGE_PRODUCTION: "#0b7568",
    "purpose-base": "#7d8a99",
    "purpose-toolchain": "#a8560f",
    "purpose-build-cache": "#9a7800",
    "purpose-module-cache": "#6a4bb3",
    "purpose-packages": "#97466b",
    "purpose-sources": "#5c7a12",
    "purpose-program": "#0b7568",
    "purpose-other": "#a9a294",
}
FALLBACK_VARIABLES = DARK_VARIABLES
"""For themes that are not ours: every theme must know the colours of stages and purposes."""


def house_themes() -> tuple[Theme, Theme]:
    """The dark and the light theme, in this order."""
    return (
        Theme(
            name=DARK,
            dark=True,
            primary="#7aa7d9",
            secondary="#8f9fb3",
            accent="#7ab8ff",
            success="#7fc38a",
            warning="#e5c07b",
            error="#ef6b73",
            foreground="#d7dde6",
            background="#11151b",
            surface="#151a21",
            panel="#222a35",
            variables={**DARK_VARIABLES, "footer-key-foreground": "#7ab8ff"},
        ),
        Theme(
            name=LIGHT,
            dark=False,
            primary="#2f5f94",
            secondary="#5a6776",
            accent="#1560b0",
            success="#23713a",
            warning="#8a5a00",
            error="#b3261e",
            foreground="#1d242d",
            background="#f3f1ec",
            surface="#fbfaf7",
            panel="#e3e0d8",
            variables={**LIGHT_VARIABLES, "footer-key-foreground": "#1560b0"},
        ),
    )
