"""The two themes of the house, and the colours that carry a meaning.

Meanings: `$accent` is what can be acted on; `$stage-builder` and `$stage-production` mark the two stages in
Dockerfiles, steps, layers and bars alike; `$error` is kept for failures that nobody expected.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = "jettison-dark"
LIGHT = "jettison-light"

STAGE_BUILDER = "stage-builder"
STAGE_PRODUCTION = "stage-production"

FALLBACK_VARIABLES = {STAGE_BUILDER: "#e0975a", STAGE_PRODUCTION: "#4fb3a5"}
"""For themes that are not ours: every theme must know the colours of the stages."""


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
            variables={
                STAGE_BUILDER: "#e8a061",
                STAGE_PRODUCTION: "#56c2b1",
                "footer-key-foreground": "#7ab8ff",
            },
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
            variables={
                STAGE_BUILDER: "#a8560f",
                STAGE_PRODUCTION: "#0b7568",
                "footer-key-foreground": "#1560b0",
            },
        ),
    )
