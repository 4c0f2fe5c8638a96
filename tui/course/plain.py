"""A step's page as Markdown alone: what a plain page, or a hand-out, shows in place of each directive.

Questions are asked and not answered, and notes for the presenter are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui.course.blocks import (
    Block,
    BuildImages,
    CheckImage,
    Choose,
    DoAction,
    DoExercise,
    Note,
    Only,
    Predict,
    Prose,
    Recall,
    Reveal,
    Show,
    StartContainer,
)
from tui.course.checks import Check

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~-])")


def as_markdown_text(text: str) -> str:
    """A text that Markdown shows as it is, whatever signs are in it."""
    return _MARKDOWN.sub(r"\\\1", text)


def plain_markdown(blocks: Sequence[Block]) -> str:
    """The page of these blocks; it ends with one line break."""
    return "\n\n".join(filter(None, (_plain(block).strip("\n") for block in blocks))) + "\n"


def _plain(block: Block) -> str:
    match block:
        case Prose():
            return block.markdown
        case Show():
            return shown_lines(block)
        case DoAction():
            return _paragraphs(block.markdown, f"[{block.action.replace('-', ' ')}](action:{block.action})")
        case BuildImages():
            return _paragraphs(block.markdown, f"Build {_names(block.images)}.")
        case StartContainer():
            return _paragraphs(block.markdown, f"Start a container of `{block.image}`.")
        case Predict():
            return _paragraphs(f"> **Your guess:** {block.ask}", _options(block.options))
        case Choose():
            return _paragraphs(f"> {block.ask}", _options(block.options))
        case Recall():
            return _paragraphs(f"> **Do you remember?** {block.question.ask}", _options(block.question.options))
        case CheckImage():
            return _paragraphs(block.markdown, f"What must hold of `{block.image}`:", _wanted(block.checks))
        case DoExercise():
            return _paragraphs("**Your turn.**", block.markdown)
        case Reveal():
            return _paragraphs(f"**{block.title}**", block.markdown)
        case Note():
            return ""
        case Only():
            return _paragraphs(f"*{block.words.capitalize()} only:*", block.markdown)


def shown_lines(block: Show, info: str = "") -> str:
    """A file's name, its lines in a fence with this info string, and what is said of them."""
    return _paragraphs(f"`{block.name}`", _code(block, info), block.markdown)


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())


def _code(block: Show, info: str) -> str:
    """The shown lines; a fence longer than any in them."""
    lines = block.text.split("\n")[block.first - 1 : block.last]
    fence = "```"
    while any(line.lstrip().startswith(fence) for line in lines):
        fence += "`"
    return "\n".join((fence + info, *lines, fence))


def _options(options: Sequence[str]) -> str:
    return "\n".join(f"{number}. {option}" for number, option in enumerate(options, start=1))


def _wanted(checks: Sequence[Check]) -> str:
    return "\n".join(f"- {check.wanted}" for check in checks)


def _names(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
