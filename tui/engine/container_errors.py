"""What an engine says no to when it is asked about containers, in our own errors."""

from __future__ import annotations

import requests
from docker.errors import APIError, create_api_error_from_http_exception

from tui.engine.errors import ContainerNotFound, ContainerNotRunning, EngineError


def of_containers(error: APIError) -> EngineError | None:
    """Our own error for one that is about a container; None for all others, which `boundary` knows."""
    words = str(error.explanation or error).strip().rstrip(".")
    if (error.status_code == 404 and "container" in words.lower()) or "marked for removal" in words:
        return ContainerNotFound(f"The container is not there: {words}.", "docker ps -a lists those that are.")
    if error.status_code in (409, 500) and "not running" in words.lower():
        return ContainerNotRunning(f"The container does not run: {words}.", "Start it first.")
    return None


def check(response: requests.Response) -> None:
    """Let a good answer pass. Raises APIError, ContainerNotFound, ContainerNotRunning."""
    try:
        response.raise_for_status()
    except requests.HTTPError as error:
        try:
            create_api_error_from_http_exception(error)
        except APIError as refused:
            if (told := of_containers(refused)) is not None:
                raise told from refused
            raise
