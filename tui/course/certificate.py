"""A certificate of a finished course, as a picture (SVG) and as Markdown. Pure, and every text in it escaped."""

from __future__ import annotations

from datetime import date
from xml.sax.saxutils import escape

from tui import figures
from tui.course.plain import as_markdown_text
from tui.course.problems import harmless
from tui.course.summary import Summary

MOST_NAME = 60
WIDTH, HEIGHT = 960, 600
BAR_WIDTH = 640
SMALLEST_BAR = 4


def certificate_svg(summary: Summary, name: str, day: date) -> str:
    """A picture of 960 by 600, readable on its own: no fonts, pictures or scripts from elsewhere."""
    lines = "\n".join(
        f'  <text x="480" y="{464 + 24 * number}" class="small">{_xml(line)}</text>'
        for number, line in enumerate(_facts(summary))
    )
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">
  <title>{_xml(_title(summary, name))}</title>
  <style>
    text {{ font-family: ui-sans-serif, system-ui, sans-serif; text-anchor: middle; fill: #e8e6df; }}
    .small {{ font-size: 18px; fill: #b9b6ac; }}
    .left {{ text-anchor: start; font-size: 16px; }}
  </style>
  <rect width="{WIDTH}" height="{HEIGHT}" fill="#14161b"/>
  <rect x="20" y="20" width="{WIDTH - 40}" height="{HEIGHT - 40}" fill="none" stroke="#e0a458" stroke-width="2"/>
  <text x="480" y="90" font-size="20" letter-spacing="6">JETTISON</text>
  <text x="480" y="150" font-size="40">{_xml(_name(name))}</text>
  <text x="480" y="196" class="small">{_verb(summary)}</text>
  <text x="480" y="238" font-size="28">{_xml(_line(summary.course))}</text>
{_bars(summary)}
{lines}
  <text x="480" y="564" class="small">{day.isoformat()}</text>
</svg>
"""


def certificate_markdown(summary: Summary, name: str, day: date) -> str:
    """The same in words."""
    facts = "\n".join(f"- {as_markdown_text(line)}" for line in (*_built(summary), *_facts(summary)))
    return f"# {as_markdown_text(_title(summary, name))}\n\n{facts}\n\n{day.isoformat()}\n"


def _title(summary: Summary, name: str) -> str:
    return f"{_name(name)} {_verb(summary)} {_line(summary.course)}"


def _verb(summary: Summary) -> str:
    return "has finished" if summary.is_finished else "is on the way through"


def _built(summary: Summary) -> tuple[str, ...]:
    built = summary.built
    if built is None:
        return ()
    sizes = f"{figures.size(built.larger_bytes)} became {figures.size(built.smaller_bytes)}"
    source = f" ({_line(built.source)})" if built.source else ""
    return (f"Built in one stage and in two: {sizes}, {figures.times(built.ratio)} smaller{source}.",)


def _facts(summary: Summary) -> tuple[str, ...]:
    skipped = f", {summary.skipped} skipped" if summary.skipped else ""
    lines = [f"{summary.done} of {summary.steps} steps{skipped}"]
    if summary.exercises:
        lines.append(f"{summary.passed} of {summary.exercises} exercises, {summary.unaided} without the solution")
    if summary.guessed:
        lines.append(f"{summary.guessed} guesses, {summary.close} of them close")
    if summary.golf_bytes is not None:
        lines.append(f"Smallest image: {figures.size(summary.golf_bytes)}")
    return tuple(lines)


def _bars(summary: Summary) -> str:
    """Both images to scale."""
    built = summary.built
    if built is None:
        return ""
    short = max(SMALLEST_BAR, round(BAR_WIDTH / max(1.0, built.ratio)))
    return f"""\
  <rect x="160" y="280" width="{BAR_WIDTH}" height="36" fill="#b0563f"/>
  <text x="172" y="304" class="left">one stage, {_xml(figures.size(built.larger_bytes))}</text>
  <rect x="160" y="332" width="{short}" height="36" fill="#5fa38c"/>
  <text x="{_label_x(short)}" y="356" class="left">two stages, {_xml(figures.size(built.smaller_bytes))}</text>
  <text x="480" y="410" font-size="34">{_xml(figures.times(built.ratio))} smaller</text>
  <text x="480" y="434" class="small">{_xml(_line(built.source))}</text>"""


def _label_x(bar_width: int) -> int:
    """Right of a short bar, on a long one."""
    return 172 + bar_width if bar_width < BAR_WIDTH // 2 else 172


def _name(name: str) -> str:
    return _line(name)[:MOST_NAME] or "Somebody"


def _line(text: str) -> str:
    return " ".join(harmless(text).split())


def _xml(text: str) -> str:
    return escape(text)
