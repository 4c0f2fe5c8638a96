"""Runs beside each other: what each answered and used, and whether all did the same job."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tui.session.run_events import Died, RunEnd, RunFailed
from tui.session.run_record import RunRecord

if TYPE_CHECKING:
    from tui.session.probe import HttpAnswer, ProbeResult
    from tui.session.websocket_probe import WebSocketResult


class Standing(StrEnum):
    """What is known of runs beside each other."""

    ALONE = "alone"
    """There are fewer than two."""
    AWAITED = "awaited"
    """Answers are still to come, and may come from each that has given none."""
    ONE_ENDED = "one ended"
    """Some are over and never answered, others have not answered so far: all alike can no longer be shown."""
    ALL_ENDED = "all ended"
    """All are over, and none has answered: there is nothing to compare."""
    ALIKE = "alike"
    """Same statuses, bodies, echoes."""
    UNLIKE = "unlike"
    """They answered differently, or some alone."""


VERDICTS = {Standing.ALIKE: True, Standing.UNLIKE: False}


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Several runs, in the order in which they were started."""

    records: tuple[RunRecord, ...]

    @property
    def standing(self) -> Standing:
        """What is known of them by now."""
        probes, ended = self._probes(), self.ended_unanswered
        if len(self.records) < 2:
            return Standing.ALONE
        if len(ended) == len(self.records):
            return Standing.ALL_ENDED
        if any(probes) and not any(map(_is_being_asked, self.records)):
            alike = all(one is not None and one.behaviour == _behaviour(probes[0]) for one in probes)
            return Standing.ALIKE if alike else Standing.UNLIKE
        return Standing.ONE_ENDED if ended else Standing.AWAITED

    @property
    def ended_unanswered(self) -> tuple[RunRecord, ...]:
        """Those that are over without having answered the round of questions."""
        return tuple(record for record in self.records if record.end is not None and record.probe is None)

    @property
    def equal(self) -> bool | None:
        """Whether all behaved the same: same statuses, bodies, echoes. None where there is nothing to compare yet."""
        return VERDICTS.get(self.standing)

    @property
    def differences(self) -> tuple[str, ...]:
        """One sentence for each thing in which a run differs from the first."""
        first, *others = self.records
        return tuple(sentence for other in others for sentence in _differences(first, other))

    @property
    def ok(self) -> bool:
        """Whether none died, failed or kept silent, every question was answered well, and all behaved the same."""
        well = not any(isinstance(record.end, Died | RunFailed) or record.silent_reason for record in self.records)
        return well and all(one is None or one.ok for one in self._probes()) and self.equal is not False

    def _probes(self) -> tuple[ProbeResult | None, ...]:
        return tuple(record.probe for record in self.records)


def _is_being_asked(record: RunRecord) -> bool:
    """Whether its answers are still to come."""
    return record.probe is None and record.end is None and not record.silent_reason


def _behaviour(probe: ProbeResult | None) -> tuple[object, ...] | None:
    return None if probe is None else probe.behaviour


def _differences(first: RunRecord, other: RunRecord) -> list[str]:
    names = f"{first.run.variant} and {other.run.variant}"
    if first.probe is None or other.probe is None:
        return [] if first.probe is other.probe else [f"{names}: only one of them could be asked."]
    mine = {answer.path: answer for answer in first.probe.http}
    theirs = {answer.path: answer for answer in other.probe.http}
    said = [
        f"{names} answer GET {path} differently: {_words(mine.get(path))} and {_words(theirs.get(path))}."
        for path in {**mine, **theirs}
        if _page(mine.get(path)) != _page(theirs.get(path))
    ]
    sockets = first.probe.websocket, other.probe.websocket
    if _echoes(sockets[0]) != _echoes(sockets[1]):
        said.append(f"{names} do not echo the same.")
    return said


def _page(answer: HttpAnswer | None) -> tuple[object, ...] | None:
    return None if answer is None else (answer.status, answer.body)


def _words(answer: HttpAnswer | None) -> str:
    if answer is None or answer.status is None:
        return "nothing"
    return f"{answer.status} with {len(answer.body)} characters"


def _echoes(result: WebSocketResult | None) -> tuple[object, ...] | None:
    return None if result is None else result.behaviour


def comparison_json(comparison: RunComparison) -> dict[str, Any]:
    """The runs as `jettison run --json` prints them."""
    return {"runs": [_run_json(record) for record in comparison.records], "equal": comparison.equal}


def _run_json(record: RunRecord) -> dict[str, Any]:
    return {
        "variant": record.run.variant,
        "container_id": record.container.container_id if record.container else None,
        "name": record.run.request.name,
        "image_id": record.container.image_id if record.container else None,
        "url": record.url,
        "ready_seconds": _rounded(record.ready_seconds),
        "http": [_answer_json(answer) for answer in record.probe.http] if record.probe else None,
        "websocket": _socket_json(record.probe.websocket) if record.probe and record.probe.websocket else None,
        "memory_bytes": record.usage.memory_bytes if record.usage else None,
        "processes": [process.command for process in record.processes],
        "user": record.user,
        "stop_seconds": _rounded(record.stop_seconds),
        "kept": record.is_running,
        "error": _error_json(record.end),
    }


def _answer_json(answer: HttpAnswer) -> dict[str, Any]:
    return {
        "path": answer.path,
        "status": answer.status,
        "body": answer.body,
        "seconds": _rounded(answer.seconds),
        "error": answer.error or None,
    }


def _socket_json(result: WebSocketResult) -> dict[str, Any]:
    return {
        "ok": result.ok,
        "text_frames": result.text_frames,
        "text_echoes": result.text_echoes,
        "utf8": result.utf8,
        "binary": result.binary,
        "large": result.large,
        "latency_seconds": _rounded(result.latency_seconds),
        "ping_seconds": _rounded(result.ping_seconds),
        "close_codes": list(result.close_codes),
        "error": result.error or None,
    }


def _error_json(end: RunEnd | None) -> dict[str, Any] | None:
    match end:
        case Died(death=death):
            return {
                "cause": death.cause.value,
                "message": death.reason,
                "advice": death.advice,
                "exit_code": death.exit_code,
                "last_lines": list(death.last_lines),
            }
        case RunFailed():
            return {"cause": None, "message": end.what, "advice": end.advice, "exit_code": None, "last_lines": []}
    return None


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)
