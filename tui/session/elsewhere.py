"""A container on another machine: its port is on that machine's loopback address, and how to bring it here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.engine.container_command import ssh_tunnel_command
from tui.engine.machine import is_taken_here, other_machine

if TYPE_CHECKING:
    from tui.engine.containers import Address


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Why an address does not lead to the container from here."""

    reason: str
    advice: str
    can_come: bool
    """Whether the address leads there as soon as the advice is followed."""


def elsewhere(endpoint_url: str, address: Address) -> Elsewhere | None:
    """None where the engine is on this machine. Looks up a name, which may take its time."""
    machine = other_machine(endpoint_url)
    if machine is None:
        return None
    reason = f"It runs on {machine.host}: {address.host}:{address.port} is an address of that machine, not of this one."
    if is_taken_here(address.host, address.port):
        # What answers here is not the container, and must not be taken for it.
        return Elsewhere(reason, f"Port {address.port} of this machine is in use. Start it again on another.", False)
    tunnel = ssh_tunnel_command(machine, address.port)
    return Elsewhere(reason, f"In another terminal, bring it here: {tunnel}", True)
