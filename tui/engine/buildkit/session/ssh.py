"""`moby.sshforward.v1.SSH`: ssh agents of this machine, for `RUN --mount=type=ssh`.

A build may list an agent's keys and sign with them. It may neither add, remove nor lock them:
https://datatracker.ietf.org/doc/html/draft-ietf-sshm-ssh-agent.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tui.engine.buildkit.session.call import Call, CallRefused, Handlers, Status, read_request
from tui.engine.buildkit.session.session_pb2 import BytesMessage, CheckAgentRequest, CheckAgentResponse
from tui.engine.request import SshAgent

LIST_KEYS, SIGN = 11, 13
REFUSAL = b"\0\0\0\1\5"
"""SSH_AGENT_FAILURE, with its length before it."""
LENGTH_BYTES = 4
ANSWER_SECONDS = 300.0
MOST_BYTES = 1 << 18
"""OpenSSH's agent takes no longer message."""


class SshService:
    """Forwards these agents and no others."""

    def __init__(self, agents: Sequence[SshAgent], environ: Mapping[str, str]) -> None:
        own = environ.get("SSH_AUTH_SOCK")
        sockets = {agent.id: agent.socket or (Path(own) if own else None) for agent in agents}
        self._sockets = {name: path for name, path in sockets.items() if path is not None}

    def handlers(self) -> Handlers:
        """The service's methods; none without an agent, as the daemon has a clear sentence for that."""
        if not self._sockets:
            return {}
        return {
            "/moby.sshforward.v1.SSH/CheckAgent": self._check,
            "/moby.sshforward.v1.SSH/ForwardAgent": self._forward,
        }

    def _check(self, call: Call) -> None:
        self._socket_of(read_request(call, CheckAgentRequest).ID or "default")
        call.send(CheckAgentResponse().SerializeToString())

    def _forward(self, call: Call) -> None:
        path = self._socket_of((call.metadata.get("buildkit.ssh.id") or ["default"])[0])
        try:
            with socket.socket(socket.AF_UNIX) as agent:
                # One that asks its user first may take a while, and must not outlive the build for ever.
                agent.settimeout(ANSWER_SECONDS)
                agent.connect(str(path))
                _converse(call, agent)
        except OSError as error:
            words = f"the ssh agent at {path} does not answer: {error.strerror or error}"
            raise CallRefused(Status.UNAVAILABLE, words) from error

    def _socket_of(self, name: str) -> Path:
        if name not in self._sockets:
            raise CallRefused(Status.NOT_FOUND, f"no ssh agent is forwarded as {name}")
        return self._sockets[name]


def _converse(call: Call, agent: socket.socket) -> None:
    """Answer each question with the agent's answer, or with a refusal."""
    for question in _questions(call):
        answer = REFUSAL
        if question[LENGTH_BYTES] in (LIST_KEYS, SIGN):
            agent.sendall(question)
            head = _exactly(agent, LENGTH_BYTES)
            if int.from_bytes(head) > MOST_BYTES:
                raise OSError("its answer is too long")
            answer = head + _exactly(agent, int.from_bytes(head))
        call.send(BytesMessage(data=answer).SerializeToString())


def _questions(call: Call) -> Iterator[bytes]:
    """The daemon's messages to the agent, each whole and with its length before it."""
    rest = b""
    while (message := call.receive()) is not None:
        rest += BytesMessage.FromString(message).data
        while len(rest) > LENGTH_BYTES:
            end = LENGTH_BYTES + int.from_bytes(rest[:LENGTH_BYTES])
            if not LENGTH_BYTES < end <= MOST_BYTES:
                raise CallRefused(Status.INVALID_ARGUMENT, "not a message to an ssh agent")
            if len(rest) < end:
                break
            question, rest = rest[:end], rest[end:]
            yield question


def _exactly(agent: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        # With a time limit a socket does not wait for all by itself.
        piece = agent.recv(size - len(received))
        if not piece:
            raise OSError("its answer broke off")
        received += piece
    return received
