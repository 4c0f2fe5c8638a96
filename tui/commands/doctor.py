"""`jettison doctor`: which engine answers, what it can do, and why the others do not."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Sequence
from typing import Any

from tui.commands.doctor_bases import ProjectBases, bases_json, look_up_projects, print_bases
from tui.commands.exits import Exit
from tui.commands.say import engine_words, narrate, print_json
from tui.engine.api import Engine
from tui.engine.discovery import Survey, survey
from tui.engine.docker_config import read_docker_config
from tui.printable import printable
from tui.session import format
from tui.session.base_images import engine_free_bytes
from tui.session.build_options.environment import docker_habits
from tui.session.comparison import engine_json
from tui.session.paths import cache_folder, state_folder
from tui.session.variants import CURRENT, HISTORIC, Project, edition

PORT = 8080
"""The port of the article's container."""
ROOM_BYTES = 2_000_000_000
"""What both variants with their base images and cache take, with room to spare."""


def run(engine_name: str | None, own: Project | None = None, *, as_json: bool) -> Exit:
    """Look everywhere and tell; exit 3 where no engine answers.

    The base images are those of the tutorial's two editions, or of a project of the learner's own.
    """
    found = survey(engine_name)
    projects = (own,) if own is not None else (edition(CURRENT), edition(HISTORIC))
    bases = look_up_projects(found.engine, projects) if found.engine else ()
    report = _report(found, bases)
    if as_json:
        print_json(report)
    else:
        _print(found, bases, report)
    return Exit.FINE if found.engine is not None else Exit.NO_ENGINE


def _report(found: Survey, bases: Sequence[ProjectBases]) -> dict[str, Any]:
    engine = found.engine
    return {
        "engine": engine_json(engine.info) if engine else None,
        "tried": [
            {"source": a.source, "endpoint": a.endpoint, "problem": a.problem.value, "detail": a.detail}
            for a in found.attempts
        ],
        "base_images": bases_json(bases),
        "docker_settings": _settings(engine),
        "engine_disk_free_bytes": engine_free_bytes(engine) if engine else None,
        "port_8080_free": _port_is_free(),
        "state_folder": str(state_folder()),
        "cache_folder": str(cache_folder()),
    }


def _settings(engine: Engine | None) -> dict[str, Any]:
    """What Docker's own configuration and variables ask of builds. A proxy's address may hold a password."""
    config = read_docker_config(os.environ)
    proxies = config.proxies_for(engine.info.endpoint) if engine else ()
    return {
        "warning": config.warning or None,
        "proxies": sorted({name.upper() for name, _ in proxies}),
        "builds": list(docker_habits(os.environ)),
    }


def _print(found: Survey, bases: Sequence[ProjectBases], report: dict[str, Any]) -> None:
    if found.engine is not None:
        print(f"✓ engine       {engine_words(found.engine.info)}")
        print(f"  platform     {found.engine.info.platform}, API {found.engine.info.api_version}")
        print(f"  sizes        {found.engine.info.size_basis}")
        free = report["engine_disk_free_bytes"]
        if free is not None:
            enough = "✓" if free > ROOM_BYTES else "✗"
            print(f"{enough} disk         {format.size(free)} free where the engine keeps its images")
        print_bases(bases, free)
    else:
        print("✗ engine       none answers")
        narrate(found.advice)
    print(
        f"{'✓' if report['port_8080_free'] else '·'} port {PORT}    {'free' if report['port_8080_free'] else 'taken'}"
    )
    _print_settings(report["docker_settings"])
    print(f"  state        {report['state_folder']}")
    print(f"  cache        {report['cache_folder']}")
    for attempt in found.attempts:
        print(
            f"· not there    {attempt.source}: {attempt.endpoint}\n               {attempt.problem}: {attempt.detail}"
        )


def _print_settings(settings: dict[str, Any]) -> None:
    if settings["warning"]:
        print(f"✗ config       {printable(settings['warning'])}")
    if settings["proxies"]:
        print(f"  proxies      {', '.join(settings['proxies'])} of config.json are given to every build")
    for words in settings["builds"]:
        print(f"  builds       {printable(words)}")


def _port_is_free() -> bool:
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return False
    return True
