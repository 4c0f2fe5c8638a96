"""How a build's context gets to the engine: file by file as BuildKit asks for it, or as one archive."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tui.engine.buildkit.session.call import Handlers
from tui.engine.buildkit.session.file_sync import FileSync, Folder, Synced, WholeFolder, dockerfile_folder
from tui.engine.buildkit.session.services import session_handlers, shared_key
from tui.engine.context.errors import ContextUnreadable
from tui.engine.context.ignore_file import ignore_file_of
from tui.engine.context.pack import pack
from tui.engine.context.patterns import Patterns
from tui.engine.context.walk import first_name_not_utf8
from tui.engine.registry.logins import Logins
from tui.engine.request import Builder, BuildRequest
from tui.engine.transport import Wire

REPORT_SECONDS = 0.1


class SessionOpener(Protocol):
    """An engine, as far as a session needs one."""

    def session(self, wire: Wire, handlers: Sequence[Handlers], shared_key: str) -> AbstractContextManager[str]:
        """As `buildkit.session.open_session`."""
        ...


class Progress(Protocol):
    """Whoever wants to know how far a context has got."""

    def packed(self, files: int, total_bytes: int) -> None:
        """An archive is about to be sent."""
        ...

    def sent(self, sent_bytes: int, total_bytes: int) -> None:
        """So much is sent; `total_bytes` is 0 while it is not known what the engine will ask for."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """What POST /build has to say of the context."""

    parameters: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Iterable[bytes] | None = None


@contextmanager
def deliver(
    engine: SessionOpener,
    request: BuildRequest,
    builder: Builder,
    wire: Wire,
    progress: Progress,
    environ: Mapping[str, str],
) -> Iterator[Delivery]:
    """The context of a build, ready to be taken for as long as this lasts.

    Raises ContextUnreadable, PackingStopped, SessionRefused, and OSError as connecting does.
    """
    root = request.context.resolve()
    if not root.is_dir():
        raise ContextUnreadable(f"The context {request.context} is not a folder.")
    dockerfile = root / request.dockerfile
    if not dockerfile.is_file():
        raise ContextUnreadable(f"The Dockerfile {dockerfile} is not there.")
    if builder is Builder.CLASSIC:
        # This builder has no session: it is the engine that logs in.
        yield _archive(root, dockerfile, wire, progress, Logins(environ).headers())
        return
    services = session_handlers(request, environ)
    # Engines of today refuse to sync names that are not UTF-8; an archive may hold any.
    excludes = Patterns(ignore_file_of(root, dockerfile).patterns)
    if first_name_not_utf8(root, excludes, stopped=lambda: wire.is_cut) is not None:
        with engine.session(wire, services, shared_key(root)) as name:
            delivery = _archive(root, dockerfile, wire, progress, {})
            yield Delivery({**delivery.parameters, "session": name}, delivery.headers, delivery.body)
        return
    folders: dict[str, Folder] = {"context": WholeFolder(root), "dockerfile": dockerfile_folder(dockerfile)}
    sync = FileSync(folders, _SyncReport(progress).report)
    with engine.session(wire, [*services, sync.handlers()], shared_key(root)) as name:
        yield Delivery({"session": name, "remote": "client-session", "dockerfile": dockerfile.name})


def _archive(root: Path, dockerfile: Path, wire: Wire, progress: Progress, headers: Mapping[str, str]) -> Delivery:
    packed = pack(root, dockerfile, stopped=lambda: wire.is_cut)
    progress.packed(packed.files, packed.total_bytes)
    report = _SentReport(progress, packed.total_bytes).report
    return Delivery(
        {"dockerfile": packed.dockerfile}, {"Content-Type": "application/x-tar", **headers}, packed.stream(report)
    )


class _Throttle:
    """Lets through what comes at most every tenth of a second."""

    def __init__(self) -> None:
        self._last = -REPORT_SECONDS

    def is_due(self) -> bool:
        now = time.monotonic()
        if now - self._last < REPORT_SECONDS:
            return False
        self._last = now
        return True


class _SentReport:
    """Of an archive whose length is known; its last report is always passed on."""

    def __init__(self, progress: Progress, total_bytes: int) -> None:
        self._progress = progress
        self._total_bytes = total_bytes
        self._throttle = _Throttle()

    def report(self, sent_bytes: int) -> None:
        if sent_bytes == self._total_bytes or self._throttle.is_due():
            self._progress.sent(sent_bytes, self._total_bytes)


class _SyncReport:
    """Of the context's files, as the engine asks for them; the Dockerfile's own few bytes are not counted."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._throttle = _Throttle()

    def report(self, synced: Synced) -> None:
        if synced.folder != "context":
            return
        if synced.is_complete:
            self._progress.sent(synced.size_bytes, synced.size_bytes)
        elif self._throttle.is_due():
            self._progress.sent(synced.size_bytes, 0)
