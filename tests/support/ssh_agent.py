"""OpenSSH's own agent, for tests that forward one."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RealAgent:
    """An agent with one key."""

    socket: Path
    fingerprint: str
    """`SHA256:…`, as `ssh-add -l` prints it."""


@contextmanager
def real_agent(folder: Path) -> Iterator[RealAgent]:
    """An agent that lives as long as the context."""
    path, key = folder / "agent", folder / "key"
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(path)], stdout=subprocess.PIPE)
    assert agent.stdout is not None
    agent.stdout.readline()
    try:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
        subprocess.run(["ssh-add", "-q", str(key)], env={"SSH_AUTH_SOCK": str(path)}, check=True)
        shown = subprocess.run(["ssh-keygen", "-l", "-f", str(key)], check=True, capture_output=True, text=True)
        yield RealAgent(path, shown.stdout.split()[1])
    finally:
        agent.terminate()
        agent.wait()
        agent.stdout.close()
