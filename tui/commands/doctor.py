"""`jettison doctor`: which engine answers, what it can do, and why the others do not."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
from pathlib import Path
from typing import Any

from tui.commands.exits import Exit
from tui.commands.say import engine_words, narrate, print_json
from tui.engine.api import Engine
from tui.engine.discovery import Survey, survey
from tui.engine.docker_config import read_docker_config
from tui.engine.dockerfile import parse
from tui.engine.errors import EngineLost, ImageNotFound
from tui.printable import printable
from tui.session import format
from tui.session.build_options.environment import docker_habits
from tui.session.comparison import engine_json
from tui.session.paths import cache_folder, state_folder
from tui.session.variants import CURRENT, edition

PORT = 8080
"""The port of the article's container."""
ROOM_BYTES = 2_000_000_000
"""What both variants with their base images and cache take, with room to spare."""


def run(engine_name: str | None, *, as_json: bool) -> Exit:
    """Look everywhere and tell; exit 3 where no engine answers."""
    found = survey(engine_name)
    report = _report(found)
    if as_json:
        print_json(report)
    else:
        _print(found, report)
    return Exit.FINE if found.engine is not None else Exit.NO_ENGINE


def _report(found: Survey) -> dict[str, Any]:
    engine = found.engine
    return {
        "engine": engine_json(engine.info) if engine else None,
        "tried": [
            {"source": a.source, "endpoint": a.endpoint, "problem": a.problem.value, "detail": a.detail}
            for a in found.attempts
        ],
        "base_images": _bases(engine) if engine else {},
        "docker_settings": _settings(engine),
        "engine_disk_free_bytes": _free(engine.info.root_folder) if engine else None,
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


def _print(found: Survey, report: dict[str, Any]) -> None:
    if found.engine is not None:
        print(f"✓ engine       {engine_words(found.engine.info)}")
        print(f"  platform     {found.engine.info.platform}, API {found.engine.info.api_version}")
        print(f"  sizes        {found.engine.info.size_basis}")
        free = report["engine_disk_free_bytes"]
        if free is not None:
            enough = "✓" if free > ROOM_BYTES else "✗"
            print(f"{enough} disk         {format.size(free)} free where the engine keeps its images")
        for name, state in report["base_images"].items():
            print(f"{'✓' if state != 'absent' else '·'} base image   {name}: {state}")
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


def _bases(engine: Engine) -> dict[str, str]:
    """Each base image of the current edition: `here`, `stand-in` or `absent`."""
    names: dict[str, str] = {}
    for variant in edition(CURRENT).variants:
        for name in parse(variant.dockerfile.read_text("utf-8")).external_bases():
            try:
                image = engine.inspect(name)
                names[name] = f"stand-in ({image.stand_in})" if image.stand_in else "here"
            except ImageNotFound:
                names[name] = "absent, will be pulled by the first build"
            except EngineLost as error:
                names[name] = error.what
    return names


def _free(folder: str) -> int | None:
    """Bytes free where the engine keeps its data, if that is on this machine."""
    return shutil.disk_usage(folder).free if folder and Path(folder).is_dir() else None


def _port_is_free() -> bool:
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return False
    return True
