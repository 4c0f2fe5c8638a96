"""`RUN --mount=type=secret` and `type=ssh` that want what the build was not given."""

from __future__ import annotations

import re

from tui.engine.cause import Cause
from tui.engine.events import FailureKind
from tui.engine.failure.model import Diagnosis, FailedBuild

_AGENT = re.compile(r'no SSH key "([^"]*)" forwarded from the client|no ssh agent is forwarded as (\S+)')
_SECRET = re.compile(
    r"secret (?P<name>[^\s:]+): (?P<why>not found|the variable \S+ is not set|.+? cannot be read: [^:]+)"
)


def diagnose_mount(failed: FailedBuild) -> Diagnosis | None:
    """The diagnosis, where the step lacked a secret or an ssh agent."""
    if match := _AGENT.search(failed.message):
        # Engines leave the name of the default agent out.
        name = match[1] or match[2] or "default"
        what = f"The step uses the ssh agent {name}, and the build was given none of that name."
        advice = f"Start an agent, add your key to it (ssh-add), and build with --ssh {name}."
        return Diagnosis(FailureKind.INSTRUCTION, what, advice, Cause.NO_SSH_AGENT)
    if match := _SECRET.search(failed.message):
        name, why = match["name"], match["why"]
        what = f"The step needs the secret {name}: {'it was not given' if why == 'not found' else why}."
        return Diagnosis(FailureKind.INSTRUCTION, what, f"Build with --secret id={name},src=FILE.", Cause.NO_SECRET)
    return None
