"""An engine's mirrors, and the registries that need no TLS: its daemon.json, as `docker info` tells of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui.engine.registry.reference import HUB, Reference

LOOPBACK = ("127.0.0.0/8", "::1/128")
"""What every engine trusts without TLS."""


@dataclass(frozen=True, slots=True)
class RegistrySettings:
    """An engine's way to registries."""

    mirrors: tuple[str, ...] = ()
    """URLs that are asked before Docker Hub, in order."""
    insecure_hosts: frozenset[str] = frozenset()
    insecure_networks: tuple[str, ...] = LOOPBACK
    """In CIDR notation."""

    def bases_for(self, reference: Reference) -> tuple[str, ...]:
        """The URLs to try for an image, in order; without a slash at the end."""
        host = reference.api_host
        own = [f"https://{host}", *([f"http://{host}"] if self.is_insecure(host) else [])]
        mirrors = [mirror.rstrip("/") for mirror in self.mirrors] if reference.host == HUB else []
        return tuple(dict.fromkeys([*mirrors, *own]))

    def is_insecure(self, host: str) -> bool:
        """Whether plain HTTP will do for a registry. Names are not looked up."""
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        if host in self.insecure_hosts or name == "localhost":
            return True
        try:
            address = ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        networks = (ipaddress.ip_network(network, strict=False) for network in self.insecure_networks)
        return any(address in network for network in networks if network.version == address.version)


NO_SETTINGS = RegistrySettings()


def read_settings(details: Mapping[str, Any]) -> RegistrySettings:
    """From the engine's answer to GET /info."""
    config = details.get("RegistryConfig") or {}
    indexes: Mapping[str, Any] = config.get("IndexConfigs") or {}
    insecure = {str(host) for host, index in indexes.items() if not (index or {}).get("Secure", True)}
    hub = indexes.get(HUB) or {}
    mirrors = tuple(str(url) for url in hub.get("Mirrors") or config.get("Mirrors") or ())
    networks = tuple(str(network) for network in config.get("InsecureRegistryCIDRs") or ())
    return RegistrySettings(mirrors, frozenset(insecure), tuple(dict.fromkeys((*LOOPBACK, *networks))))
