"""What the checks of an image are judged by, as far as the session has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui.course.checks import Check, needs
from tui.course.facts import Facts
from tui.engine.dockerfile import parse
from tui.session.course_images import Target
from tui.session.evidence import Evidence
from tui.session.image_facts import NEEDS_RUN, facts_of


def grounds(evidence: Evidence, image: str, checks: Sequence[Check]) -> Facts | None:
    """The facts of an image that checks ask for; None where it was not built."""
    known = evidence.known(image)
    if known.record is None or known.record.image is None:
        return None
    wanted = needs(checks)
    others = {name: other.size_bytes for name in wanted.images if (other := evidence.image(name)) is not None}
    return replace(
        facts_of(known.record.image, known.anatomy, stage_names(evidence.target(image))),
        other_sizes=others,
        http=dict.fromkeys(wanted.http_paths, NEEDS_RUN),
        echoes=dict.fromkeys(wanted.echoes, NEEDS_RUN),
    )


def stage_names(target: Target) -> tuple[str, ...]:
    """The names of the stages of a Dockerfile; empty where it cannot be read."""
    try:
        dockerfile = parse(target.variant.dockerfile.read_text("utf-8", "replace"))
    except OSError:
        return ()
    return tuple(stage.name for stage in dockerfile.stages if stage.name)
