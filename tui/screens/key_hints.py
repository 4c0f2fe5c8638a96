"""Which keys the last line of the screen shows, by what is in front."""

from __future__ import annotations

from tui.session.actions import BY_ID
from tui.session.learner import Learner
from tui.widgets.key_bar import KeyHint

BUILDS = ("build-both", "build-first", "build-second")
EVERYWHERE = ("step-action", "next-step", *BUILDS, "previous-step", "switch-edition")
IN_FRONT = {
    "build": ("step-action", *BUILDS, "search", "wrap", "yank", "save-log", "zoom"),
    "inside": (
        "look-inside",
        "inside-list",
        "inside-only",
        "inside-sort",
        "inside-largest",
        "inside-wasted",
        "inside-program",
    ),
    "run": ("run-both", "run-chat", "run-browse", "run-stop", "run-again", "run-shell", "run-times", "run-outputs"),
}
LAST = ("help", "quit")


def key_hints(learner: Learner, tab: str | None) -> tuple[list[KeyHint], list[KeyHint]]:
    """The keys for a tab of the work area (None where another pane is in front), and those that always stay."""
    ids = list(IN_FRONT.get(tab or "", EVERYWHERE))
    if learner.is_busy or learner.is_looking:
        ids.insert(0, "cancel")
    return [_hint(learner, action_id) for action_id in ids], [_hint(learner, action_id) for action_id in LAST]


def _hint(learner: Learner, action_id: str) -> KeyHint:
    """A key; the variants of a learner's own project go by their files."""
    action = BY_ID[action_id]
    own = learner.project.edition is None and len(learner.variants_for(action_id)) == 1
    short = learner.variants_for(action_id)[0].title if own else action.short
    return KeyHint(action.shown_key, short, action.id)
