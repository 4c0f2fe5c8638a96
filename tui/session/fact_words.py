"""The facts of an image as short sentences: what the picture shows below its figures, and `jettison inspect` prints."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from tui.figures import size
from tui.image.anatomy import Anatomy
from tui.image.facts import Facts, FoundProgram, SetIdFile
from tui.printable import printable

NAMED_PROGRAMS, NAMED_SET_ID_FILES, NAMED_SECRETS = 3, 3, 5
"""So many are told by name; the others by their number."""


def fact_words(anatomy: Anatomy) -> list[str]:
    """All that is worth a word, each printable and on one line."""
    facts = anatomy.facts
    words = [
        f"runs as {'root' if facts.runs_as_root else facts.user}",
        *_start(facts),
        *_programs(facts.programs),
        f"shell: {facts.shell}" if facts.shell else "no shell",
        "CA certificates: " + ("yes" if facts.has_ca_certificates else "none"),
        "time zones: " + ("yes" if facts.has_time_zones else "none"),
        *_set_id_files(facts.set_id_files),
    ]
    if facts.duplicate_bytes:
        words.append(f"{size(facts.duplicate_bytes)} in files that are there more than once")
    words += _secrets(facts)
    return list(map(printable, words))


def _start(facts: Facts) -> Iterator[str]:
    """What a container starts, and the ports that it is said to listen on."""
    if facts.entrypoint:
        yield f"entry point: {shlex.join(facts.entrypoint)}"
    if facts.command:
        yield f"command: {shlex.join(facts.command)}"
    if facts.exposed_ports:
        yield f"port{'' if len(facts.exposed_ports) == 1 else 's'}: {', '.join(facts.exposed_ports)}"


def _programs(programs: Sequence[FoundProgram]) -> Iterator[str]:
    for found in programs[:NAMED_PROGRAMS]:
        program = found.program
        linked = "static" if program.is_static else "needs " + (program.interpreter or "shared libraries")
        version = f", {program.go_version}" if program.go_version else ""
        stripped = "stripped" if program.is_stripped else "not stripped"
        yield f"/{found.path}: {size(found.size_bytes)}, {linked}{version}, {stripped}"
    if not programs:
        yield "no program of yours"
    elif len(programs) > NAMED_PROGRAMS:
        yield f"{_more(len(programs) - NAMED_PROGRAMS, 'program')} of yours"


def _set_id_files(found: Sequence[SetIdFile]) -> Iterator[str]:
    if not found:
        return
    named = ", ".join(f"/{one.path}" for one in found[:NAMED_SET_ID_FILES])
    others = f" and {len(found) - NAMED_SET_ID_FILES} more" if len(found) > NAMED_SET_ID_FILES else ""
    run = "1 program runs" if len(found) == 1 else f"{len(found)} programs run"
    yield f"{run} with the rights of the owner or group (set-uid, set-gid): {named}{others}"


def _secrets(facts: Facts) -> Iterator[str]:
    for secret in facts.secrets[:NAMED_SECRETS]:
        hidden = ", hidden in a lower layer" if secret.is_hidden else ""
        yield f"looks like a secret: /{secret.path} ({secret.kind}{hidden})"
    if len(facts.secrets) > NAMED_SECRETS:
        yield f"{_more(len(facts.secrets) - NAMED_SECRETS, 'path')} that look like secrets"


def _more(count: int, noun: str) -> str:
    return f"{count} more {noun}{'' if count == 1 else 's'}"
