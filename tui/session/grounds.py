"""What the checks of an image are judged by, as far as the session has it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence
from dataclasses import replace

from tui.course.checks import Check, needs
from tui.course.facts import Facts, Unknown
from tui.engine.dockerfile import parse
from tui.session.course_images import Target
from tui.session.evidence import Evidence
from tui.session.image_facts import NEEDS_RUN, facts_of

RECORDED = Unknown("a recorded build cannot be run")
NOT_ASKED = Unknown("the container was not asked")


def grounds(evidence: Evidence, image: str, checks: Sequence[Check]) -> Facts | None:
    """The facts of an image that checks ask for; None where it was not built."""
    known = evidence.known(image)
    if known.record is None or known.record.image is None:
        return None
    wanted = needs(checks)
    others = {name: other.size_bytes for name in wanted.images if (other := evidence.image(name)) is not None}
    facts = replace(
        facts_of(known.record.image, known.anatomy, stage_names(evidence.target(image))),
        other_sizes=others,
        rebuilds={file: rebuild.steps for file, rebuild in known.rebuilds.items()},
    )
    why = RECORDED if evidence.is_recorded else NEEDS_RUN
    if not known.trials:
        return replace(
            facts,
            log=why,
            ending=why,
            http=dict.fromkeys(wanted.http_paths, why),
            echoes=dict.fromkeys(wanted.echoes, why),
        )
    newest = known.trials[-1]
    answers = ChainMap(*(dict(trial.http) for trial in reversed(known.trials)))
    echoes = ChainMap(*(dict(trial.echoes) for trial in reversed(known.trials)))
    return replace(
        facts,
        log=newest.log,
        ending=newest.ending,
        http={path: answers.get(path, NOT_ASKED) for path in wanted.http_paths},
        echoes={echo: echoes.get(echo, NOT_ASKED) for echo in wanted.echoes},
    )


def stage_names(target: Target) -> tuple[str, ...]:
    """The names of the stages of a Dockerfile; empty where it cannot be read."""
    try:
        dockerfile = parse(target.variant.dockerfile.read_text("utf-8", "replace"))
    except OSError:
        return ()
    return tuple(stage.name for stage in dockerfile.stages if stage.name)
