"""A lesson's Markdown as one piece of text in one widget: a widget for each paragraph would cost a frame each."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from textual.content import Content

from tui.widgets.clickable import clickable

HEADINGS = {"h1": "bold $accent", "h2": "bold $foreground", "h3": "bold $foreground 60%"}
CODE = "$foreground on $panel"
"""A colour would say something: those of the stages and of warnings have a meaning of their own."""
KEY = "bold $surface on $accent"
"""Code in a link to an action is the key that does the same."""
IN_FOCUS = "bold $accent"
ACTION_LINK = "action:"
"""A link to `action:build-both` does what that action does."""
FOCUS = "focus="
"""A fence of `focus=2,3` has its second and third line in focus."""

QUOTE = "▎ "
"""Stands before each line of a quotation, once for each that it is in."""
COLUMN_GAP = 2
MIN_COLUMN = 8

_parser: MarkdownIt | None = None


def lesson_content(markdown: str, width: int) -> Content:
    """The text of a lesson for a page of `width` cells; links to actions can be clicked."""
    writer = _Writer(width)
    for token in _markdown().parse(markdown):
        writer.take(token)
    return writer.content()


def line_content(markdown: str) -> Content:
    """One line of a lesson outside its page, such as a question."""
    return Content.assemble(*(_inline(token.children or ()) for token in _markdown().parseInline(markdown)))


def _markdown() -> MarkdownIt:
    global _parser
    if _parser is None:
        _parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return _parser


class _Writer:
    """Turns block tokens into lines."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._parts: list[Content] = []
        self._lists: list[int | None] = []
        self._heading: str | None = None
        self._margins: list[str] = []
        """What stands before the next line, outermost first: quotations' bars, items' bullets, blanks below these."""
        self._row: list[Content] | None = None
        self._rows: list[list[Content]] = []

    def take(self, token: Token) -> None:
        """Write what one token asks for."""
        getattr(self, f"_{token.type}", self._other)(token)

    def content(self) -> Content:
        """All that was written, without blank lines at the end."""
        return Content.assemble(*self._parts).rstrip()

    def _heading_open(self, token: Token) -> None:
        self._heading = HEADINGS.get(token.tag, "bold")

    def _heading_close(self, token: Token) -> None:
        self._heading = None
        self._end_block()

    def _bullet_list_open(self, token: Token) -> None:
        self._lists.append(None)

    def _ordered_list_open(self, token: Token) -> None:
        self._lists.append(int(token.attrGet("start") or 1) - 1)

    def _bullet_list_close(self, token: Token) -> None:
        self._lists.pop()
        if not self._lists:
            self._end_block()

    _ordered_list_close = _bullet_list_close

    def _list_item_open(self, token: Token) -> None:
        number = self._lists[-1]
        if number is None:
            self._margins.append("• ")
        else:
            self._lists[-1] = number + 1
            self._margins.append(f"{number + 1}. ")

    def _list_item_close(self, token: Token) -> None:
        if self._margins[-1].strip():
            # Nothing is in it.
            self._add(Content())
        self._margins.pop()

    def _blockquote_open(self, token: Token) -> None:
        self._margins.append(QUOTE)

    def _blockquote_close(self, token: Token) -> None:
        self._margins.pop()

    def _paragraph_close(self, token: Token) -> None:
        if not self._lists:
            self._end_block()

    def _inline(self, token: Token) -> None:
        text = _inline(token.children or ())
        if self._row is not None:
            self._row.append(text)
        elif self._heading is not None:
            self._add(text.stylize(self._heading))
        else:
            self._add(text.stylize("italic") if QUOTE in self._margins else text)

    def _fence(self, token: Token) -> None:
        focus = token.info.removeprefix(FOCUS).split(",") if token.info.startswith(FOCUS) else []
        for number, line in enumerate(token.content.rstrip("\n").split("\n"), start=1):
            bar, style = ("▌", IN_FOCUS) if str(number) in focus else ("▏", "$foreground")
            self._add(Content.styled(line or " ", style), f"  {bar} ", f"  {bar}   ")
        self._end_block()

    _code_block = _fence

    def _other(self, token: Token) -> None:
        """What has no form of its own here is shown as it was written."""
        if token.content:
            self._fence(token)

    def _hr(self, token: Token) -> None:
        self._add(Content.styled("─" * min(self._room, 40), "$foreground 60%"))
        self._end_block()

    def _tr_open(self, token: Token) -> None:
        self._row = []

    def _tr_close(self, token: Token) -> None:
        self._rows.append(self._row or [])
        self._row = None

    def _table_close(self, token: Token) -> None:
        """Columns as wide as they need to be; the last one wraps into what is left of the page."""
        columns = range(max(map(len, self._rows)))
        widths = [max(row[column].cell_length for row in self._rows if column < len(row)) for column in columns]
        left = sum(width + COLUMN_GAP for width in widths[:-1])
        widths[-1] = max(MIN_COLUMN, min(widths[-1], self._room - left))
        for number, row in enumerate(self._rows):
            for line in _row_lines(row, widths):
                self._add(line.stylize("bold") if number == 0 else line)
        self._rows = []
        self._end_block()

    @property
    def _room(self) -> int:
        """The cells beside the margins."""
        return self._width - sum(map(len, self._margins))

    def _add(self, text: Content, first: str = "", others: str = "") -> None:
        """Wrap a paragraph, with what stands in front of its first and its other lines, beside the margins."""
        first = "".join(self._margins) + first
        self._margins = [margin if margin == QUOTE else " " * len(margin) for margin in self._margins]
        others = "".join(self._margins) + others
        fits = text.cell_length <= self._width - len(first)
        lines = [text] if fits and "\n" not in text.plain else text.wrap(max(10, self._width - len(others)))
        for number, line in enumerate(lines):
            self._parts += [Content.styled(first if number == 0 else others, "$foreground 60%"), line, Content("\n")]

    def _end_block(self) -> None:
        self._parts.append(Content("\n"))


def _row_lines(row: Sequence[Content], widths: Sequence[int]) -> list[Content]:
    """The lines of one row of a table: as many as its last cell needs."""
    *first, last = row
    head = Content.assemble(*(c.pad_right(w - c.cell_length + COLUMN_GAP) for c, w in zip(first, widths, strict=False)))
    indent = Content(" " * head.cell_length)
    return [Content.assemble(indent if n else head, part) for n, part in enumerate(last.wrap(widths[-1]))]


def _link(words: str, action: str, style: str) -> list[Content]:
    """The words of a link; what keeps them apart from a key before them has no line below it."""
    inner = words.lstrip(" ")
    return [Content(" " * (len(words) - len(inner))), clickable(inner, action, style)]


def _inline(tokens: Sequence[Token]) -> Content:
    """Text with emphasis, code and links; only links to actions lead anywhere."""
    pieces: list[Content] = []
    styles: list[str] = []
    action: str | None = None
    for token in tokens:
        match token.type:
            case "text":
                style = " ".join(styles)
                pieces += _link(token.content, action, style) if action else [Content.styled(token.content, style)]
            case "code_inline":
                code = token.content
                pieces.append(clickable(f" {code} ", action, KEY) if action else Content.styled(code, CODE))
            case "softbreak":
                pieces.append(Content(" "))
            case "hardbreak":
                pieces.append(Content("\n"))
            case "image":
                # No page can show it: its words, or where it is, stand for it.
                words = _inline(token.children or ()).plain or str(token.attrGet("src"))
                pieces.append(Content.styled(words, " ".join(styles)))
            case "strong_open":
                styles.append("bold")
            case "em_open":
                styles.append("italic")
            case "link_open":
                href = str(token.attrGet("href") or "")
                action = href.removeprefix(ACTION_LINK) if href.startswith(ACTION_LINK) else None
                styles.append("underline $accent" if action else "underline")
            case "strong_close" | "em_close" | "link_close":
                styles.pop()
                action = None if token.type == "link_close" else action
            case _:
                pieces.append(Content.styled(token.content, " ".join(styles)))
    return Content.assemble(*pieces)
