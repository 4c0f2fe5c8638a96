"""The container that a variant is run in: named and labelled as the learner's own, within sane limits."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from tui.session.identity import LETTERS, Identity

if TYPE_CHECKING:
    from tui.engine.containers import ContainerRequest
    from tui.session.variants import Project, Variant

DEFAULT_PORT = 8080
"""The port of the article's program."""
PORT = re.compile(r"^(\d+)(?:/tcp)?$")


def run_request(
    project: Project, variant: Variant, identity: Identity, *, host_port: int | None = None
) -> ContainerRequest:
    """A container of the variant's image. The tutorial's program writes nothing, so its file system is read-only."""
    from tui.engine.containers import ContainerRequest, Limits

    # A name of its own each time: another window may run the same variant.
    ending = "".join(secrets.choice(LETTERS) for _ in range(4))
    return ContainerRequest(
        image=identity.tag(project.name, variant.name),
        name=f"{identity.prefix}-{variant.name}-{ending}",
        subject=project.subject(variant),
        labels=identity.labels,
        port=exposed_port(variant) or DEFAULT_PORT,
        host_port=host_port,
        limits=Limits(read_only=project.edition is not None),
    )


def exposed_port(variant: Variant) -> int | None:
    """The first TCP port that EXPOSE names in the stage that is built, where it names a number."""
    from tui.engine.dockerfile import parse

    dockerfile = parse(variant.dockerfile.read_text("utf-8", "replace"))
    if not dockerfile.stages:
        return None
    stage = dockerfile.stages[-1] if variant.target is None else dockerfile.stage_named(variant.target)
    for instruction in dockerfile.instructions:
        if instruction.keyword == "EXPOSE" and stage is not None and instruction.stage == stage.index:
            for word in instruction.value.split():
                if match := PORT.match(word):
                    return int(match[1])
    return None
