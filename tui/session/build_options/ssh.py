"""`--ssh default[=SOCKET]` or `NAME[=SOCKET]`: an agent that a build may use. Keys themselves are never read here."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from tui.engine.request import SshAgent
from tui.session.build_options.model import OptionRefused

DEFAULT_ID = "default"
AGENT_VARIABLE = "SSH_AUTH_SOCK"


def read_ssh_agent(text: str, environ: Mapping[str, str], cwd: Path) -> SshAgent:
    """The agent that is meant. Raises OptionRefused where none listens there, and for files of keys."""
    option = f"--ssh {text}"
    name, _, socket = text.partition("=")
    if not socket:
        usual = environ.get(AGENT_VARIABLE)
        if not usual:
            raise OptionRefused(
                f"{option}: there is no ssh agent, ${AGENT_VARIABLE} is not set. "
                'Start one with eval "$(ssh-agent)", then load a key with ssh-add.'
            )
        _check_socket(f"{option}: ${AGENT_VARIABLE}", Path(usual))
        return SshAgent(name or DEFAULT_ID)
    if "," in socket:
        raise OptionRefused(f"{option}: name one agent's socket. {_to_agent(*socket.split(','))}")
    path = Path(os.path.abspath(cwd / socket))  # noqa: PTH100
    _check_socket(option, path)
    return SshAgent(name or DEFAULT_ID, path)


def _check_socket(what: str, path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise OptionRefused(f"{what}: there is no agent at {path} ({error.strerror}).") from error
    if stat.S_ISREG(mode):
        raise OptionRefused(f"{what}: {path} is not an agent's socket. {_to_agent(str(path))}")
    if not stat.S_ISSOCK(mode):
        raise OptionRefused(f"{what}: {path} is not an agent's socket.")


def _to_agent(*files: str) -> str:
    return f"A key is loaded into an agent first: ssh-add {' '.join(files)}, then --ssh {DEFAULT_ID}."
