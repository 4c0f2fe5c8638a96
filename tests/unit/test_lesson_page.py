"""Whatever Markdown a lesson is written in, all its words are on the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from markdown_it.token import Token

from tui.widgets import lesson_page
from tui.widgets.lesson_page import lesson_content

MADE_BY_RULE = {
    "table": {"table_open", "thead_open", "tbody_open", "tr_open", "th_open", "td_open"},
    "code": {"code_block"},
    "fence": {"fence"},
    "blockquote": {"blockquote_open", "blockquote_close"},
    "hr": {"hr"},
    "list": {"bullet_list_open", "ordered_list_open", "list_item_open", "list_item_close"},
    # What it reads are the targets of links.
    "reference": {"link_open"},
    # As a lesson is read, HTML is text.
    "html_block": {"text"},
    "html_inline": {"text"},
    "heading": {"heading_open"},
    "lheading": {"heading_open"},
    "paragraph": {"paragraph_open", "inline"},
    "text": {"text"},
    "newline": {"softbreak", "hardbreak"},
    "escape": {"text"},
    "entity": {"text"},
    "backticks": {"code_inline"},
    "emphasis": {"em_open", "strong_open"},
    "link": {"link_open"},
    "autolink": {"link_open"},
    "image": {"image"},
}
"""Each rule of the parser, and the kinds of tokens that it makes."""

EVERYTHING = """\
# Atx

Setext
======

plain *emphasis* **strong** `code` \\* &amp; <b>inline</b> soft
break hard\\
break two
spaces [link](http://a.invalid) [referred][target] <http://auto.invalid> ![alt *inner* `coded`](a.png)

[target]: http://b.invalid

<div>
block
</div>

    indented

- bullet

  second paragraph

      indented in list

  > quoted in list
- ![image in list](b.png)
  1. ordered
     ***
     ## heading in list

> quoted
>
> - list in quote
>
> > nested
> >
> > ```
> > fenced in quote
> > ```

```go
fenced
```

---

| head | second |
|------|--------|
| cell | ![image in cell](c.png) |
"""


def walk(tokens: Iterable[Token]) -> Iterator[Token]:
    """All tokens, and those inside of them."""
    for token in tokens:
        yield token
        yield from walk(token.children or ())


def all_tokens() -> list[Token]:
    return list(walk(lesson_page._markdown().parse(EVERYTHING)))


def test_this_file_has_every_kind_of_token_that_the_parser_makes() -> None:
    active = lesson_page._markdown().get_active_rules()
    assert {*active["block"], *active["inline"]} == set(MADE_BY_RULE)
    assert set().union(*MADE_BY_RULE.values()) <= {token.type for token in all_tokens()}


@pytest.mark.parametrize("width", [36, 76])
def test_the_words_of_every_token_are_on_the_page(width: int) -> None:
    shown = " ".join(lesson_content(EVERYTHING, width).plain.split())
    leaves = [token for token in all_tokens() if token.content and not token.children]
    lost = [(token.type, word) for token in leaves for word in token.content.split() if word not in shown]
    assert lost == []


def test_a_kind_of_token_that_the_page_does_not_know_is_shown_as_it_was_written() -> None:
    writer = lesson_page._Writer(76)
    writer.take(Token("html_block", "", 0, content="<p>\nunknown\n"))
    assert writer.content().plain == "  ▏ <p>\n  ▏ unknown"
    assert lesson_page._inline([Token("html_inline", "", 0, content="<b>")]).plain == "<b>"


def lines(markdown: str) -> list[str]:
    return lesson_content(markdown, 40).plain.split("\n")


def test_indented_code_is_code() -> None:
    assert lines("    FROM scratch\n    COPY a /\n") == ["  ▏ FROM scratch", "  ▏ COPY a /"]


@pytest.mark.parametrize(("image", "words"), [("![A *crate*](a.png)", "A crate"), ("![](a.png)", "a.png")])
def test_an_image_is_its_words_or_where_it_is(image: str, words: str) -> None:
    assert lines(f"See {image}.") == [f"See {words}."]


def test_a_quotation_in_a_quotation_has_two_bars_and_the_outer_one_goes_on_after_it() -> None:
    assert lines("> one\n>\n> > two\n>\n> one") == ["▎ one", "", "▎ ▎ two", "", "▎ one"]


def test_what_is_in_a_list_or_a_quotation_stands_beside_its_margin() -> None:
    assert lines("- a\n\n  > b\n\n      code\n- # c") == ["• a", "  ▎ b", "    ▏ code", "", "• c"]
    assert lines("> - a\n>   1. b\n>\n> # c") == ["▎ • a", "▎   1. b", "", "▎ c"]


def test_a_long_quotation_keeps_its_bars_and_the_page_its_width() -> None:
    found = lines("> > " + "word " * 20)
    assert len(found) > 1
    assert all(line.startswith("▎ ▎ word") and len(line) <= 40 for line in found)


def test_a_hard_break_begins_a_line() -> None:
    assert lines("one\\\ntwo  \nthree\nfour") == ["one", "two", "three four"]


def test_html_is_text() -> None:
    assert lines("<b>bold</b>") == ["<b>bold</b>"]
