"""What holds for every test: nothing of the developer's own settings, engine or terminal leaks in."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.lab.plugin", "tests.browser"]

LEAKING = (
    "NO_COLOR",
    "TEXTUAL_THEME",
    "COLORTERM",
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "DOCKER_CONFIG",
    "DOCKER_TLS_VERIFY",
    "DOCKER_CERT_PATH",
    "DOCKER_BUILDKIT",
    "DOCKER_DEFAULT_PLATFORM",
    "BUILDX_BUILDER",
    "SSH_AUTH_SOCK",
    "SSH_CONNECTION",
    "DISPLAY",
    "WAYLAND_DISPLAY",
)


# How long an example takes says more of what else the machine does than of the code.
settings.register_profile("jettison", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("jettison")


def pytest_configure() -> None:
    """Ctrl+C reaches what tests start: whoever runs them in the background of a shell has it ignored, and they too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's home of the test's own, and an environment without the developer's habits."""
    home = tmp_path_factory.mktemp("home")
    for name in LEAKING:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JETTISON_HOME", str(home))
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    return home
