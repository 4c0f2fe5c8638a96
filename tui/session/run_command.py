"""The docker command that equals what was done with a container last."""

from __future__ import annotations

from tui.engine.container_command import (
    docker_logs_command,
    docker_remove_command,
    docker_stats_command,
    docker_stop_command,
    docker_top_command,
)
from tui.session.run_record import Deed, RunRecord


def run_command(record: RunRecord) -> str:
    """One line for a shell."""
    name = record.run.request.name
    match record.last_deed:
        case Deed.ASKED:
            asked = [f"curl {record.url}"] if record.url is not None else []
            return "; ".join([docker_stats_command(name), docker_top_command(name), *asked])
        case Deed.READ:
            return docker_logs_command(name, timestamps=record.timestamps)
        case Deed.STOPPED:
            return f"{docker_stop_command(name)} && {docker_remove_command(name)}"
    return record.run.command
