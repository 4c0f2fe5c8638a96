"""`python -m tests.lab up [--profile lean|faithful]` and `python -m tests.lab down`."""

from __future__ import annotations

import argparse
import os
import sys

from tests.lab import dockerd
from tests.lab.bases import PROFILES, ensure_bases
from tests.lab.state import LabState, forget_state, lab_folder, read_state, write_state

DEFAULT_HOST = "unix:///var/run/docker.sock"


def parts() -> dockerd.EngineParts:
    """The lab's own engine."""
    return dockerd.EngineParts(lab_folder() / "engine", "jetlab0", "10.213.7.1/24")


def up(profile: str) -> None:
    """Find an engine or start one, and see that the base images are there."""
    host = os.environ.get("DOCKER_HOST") or DEFAULT_HOST
    private = False
    if not dockerd.answers(host):
        host, private = parts().docker_host, True
        if not dockerd.answers(host):
            say("no engine answers: starting a private one")
            dockerd.start(parts())
    write_state(LabState(host, private, profile))
    ensure_bases(host, lab_folder(), profile, say)
    say(f"ready: DOCKER_HOST={host}")


def down() -> None:
    """Stop what was started here; an engine that was found is left alone."""
    state = read_state()
    if state is not None and state.private:
        dockerd.stop(parts())
        say("the private engine is stopped; its images are kept for the next time")
    forget_state()


def say(text: str) -> None:
    """One line of narration."""
    print(f"lab: {text}", file=sys.stderr, flush=True)


def main() -> int:
    """Carry out one command; 1 where the lab cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up").add_argument("--profile", choices=sorted(PROFILES), default="lean")
    commands.add_parser("down")
    arguments = parser.parse_args()
    try:
        up(arguments.profile) if arguments.command == "up" else down()
    except dockerd.LabError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
